/** Filters that a typed text may mean. */
import { formatTerm } from '../../format/filter-text.ts';
import { formatCountOf } from '../../format/numbers.ts';
import { stateTermWord } from '../../format/socket-text.ts';
import type { FilterSuggestions } from '../../stores/filter-suggestions.ts';
import type { Summary } from '../../stores/workbench.ts';

export interface FilterIdea {
  filter: string;
  hint: string;
  /** Words it is found by besides its own. */
  words: string;
  /** Made from the typed text itself: offered whatever it says. */
  isTyped: boolean;
}

const MAX_PORT = 65535;
const MAX_TYPED = 4;

/** What the typed text may mean as a filter, then what the newest summary offers: states, processes, destinations. */
export function filterIdeas(
  typed: string,
  summary: Summary | null,
  suggestions: (FilterSuggestions & { filter: string }) | null,
): FilterIdea[] {
  const ideas = [
    ...typedIdeas(typed.trim()),
    ...suggestedIdeas(typed, suggestions),
    ...knownIdeas(typed, summary),
  ];
  const seen = new Set<string>();
  return ideas.filter(({ filter }) => !seen.has(filter) && seen.add(filter));
}

function typedIdeas(text: string): FilterIdea[] {
  const range = /^(\d{1,5})-(\d{1,5})$/.exec(text);
  if (range && Number(range[1]) <= Number(range[2]) && Number(range[2]) <= MAX_PORT) {
    return [typedIdea(`port:${text}`, 'sockets on these local ports')];
  }
  if (/^\d{1,7}$/.test(text)) {
    const ports =
      Number(text) <= MAX_PORT
        ? [typedIdea(`port:${text}`, 'this local port'), typedIdea(`rport:${text}`, 'this remote port')]
        : [];
    return [...ports, typedIdea(`pid:${text}`, 'sockets of this process')];
  }
  const looksLikeAddress = /^[\d.]+(:\d{1,5})?$/.test(text) || /^[\da-f]*:[\da-f:]+$/i.test(text);
  return looksLikeAddress ? [typedIdea(`dst:${text}`, 'connections to it')] : [];
}

function suggestedIdeas(typed: string, given: (FilterSuggestions & { filter: string }) | null): FilterIdea[] {
  if (!given || given.filter !== typed || !typed.includes(':')) return [];
  return given.suggestions
    .filter(({ insert }) => !insert.trimEnd().endsWith(':'))
    .slice(0, MAX_TYPED)
    .map(({ insert, hint }) =>
      typedIdea((typed.slice(0, given.start) + insert + typed.slice(given.end)).trim(), hint),
    );
}

function knownIdeas(typed: string, summary: Summary | null): FilterIdea[] {
  if (!summary || typed.trim() === '') return [];
  const { first, last } = summary.settings.range;
  const states = Object.entries(summary.totals.byState).map(([state, count]) =>
    idea(`state:${stateTermWord(state)}`, formatCountOf(count, 'socket'), state),
  );
  const consumers = summary.consumers.flatMap(({ process, destination, sockets }) => [
    ...(process === null ? [] : [idea(formatTerm('process', process), 'its sockets', '')]),
    idea(`dst:${destination}`, formatCountOf(sockets, 'socket'), process ?? ''),
  ]);
  return [
    idea(`port:${first}-${last}`, 'sockets on ephemeral ports', 'ephemeral range'),
    ...states,
    ...consumers,
  ];
}

function idea(filter: string, hint: string, words: string): FilterIdea {
  return { filter, hint, words, isTyped: false };
}

function typedIdea(filter: string, hint: string): FilterIdea {
  return { filter, hint, words: '', isTyped: true };
}
