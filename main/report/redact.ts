/**
 * Hides what a person asked to be hidden, in every text of a report: verdict, findings, pools, transcripts. Works on
 * the values before they are rendered, so that every format hides the same.
 */
import type { KnownNames, Redaction, ReportInput } from './model.ts';
import { Pseudonyms } from './pseudonyms.ts';
import { redactAddresses } from './redact-addresses.ts';

/** Turns a text into one that hides what was asked. */
export type Redactor = (text: string) => string;

const HIDDEN_COMMAND_LINE = '[command line hidden]';

const WORDS: Record<Redaction, string> = {
  addresses: 'addresses of machines (loopback and wildcards stay)',
  hosts: 'host names',
  processes: 'names of processes, units and containers, and command lines',
};

/** A redactor for `asked`; the same thing gets the same name as long as one redactor is used. */
export function createRedactor(asked: ReadonlySet<Redaction>, known: KnownNames): Redactor {
  const pseudonyms = new Pseudonyms();
  const steps: Redactor[] = [];
  if (asked.has('processes'))
    steps.push(nameHider('process', known.processes, pseudonyms), hideHolders(pseudonyms));
  if (asked.has('hosts'))
    steps.push(nameHider('host', withShortForms(known.hosts), pseudonyms), hideDomains(pseudonyms));
  if (asked.has('addresses')) steps.push((text) => redactAddresses(text, pseudonyms));
  return (text) => steps.reduce((shown, step) => step(shown), text);
}

/** The whole report with everything asked for hidden, and a word on what was. */
export function redactReport(
  input: ReportInput,
  asked: ReadonlySet<Redaction>,
  known: KnownNames,
): ReportInput {
  if (asked.size === 0) return input;
  const redact = createRedactor(asked, {
    hosts: hostsOf(input, known),
    processes: processesOf(input, known),
  });
  const hidden = mapTexts(
    input,
    asked.has('processes') ? withoutCommandLines(redact) : redact,
  ) as ReportInput;
  return { ...hidden, timeZone: input.timeZone, redactions: [...asked].map((kind) => WORDS[kind]) };
}

type TextOf = (text: string, key: string) => string;

function withoutCommandLines(redact: Redactor): TextOf {
  return (text, key) => (key === 'commandLine' ? HIDDEN_COMMAND_LINE : redact(text));
}

/** Keys whose texts are words of ours and carry nothing from outside. */
const OWN_WORDS: ReadonlySet<string> = new Set([
  'level',
  'rule',
  'fixId',
  'kind',
  'confidence',
  'basis',
  'code',
  'source',
  'figures',
]);

function mapTexts(value: unknown, textOf: TextOf, key = ''): unknown {
  if (typeof value === 'string') return OWN_WORDS.has(key) ? value : textOf(value, key);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, textOf, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, mapTexts(inner, textOf, name)]),
  );
}

function hostsOf({ summary }: ReportInput, known: KnownNames): string[] {
  const files = summary.origin.kind === 'imported' ? summary.origin.files.map(({ name }) => name) : [];
  return [summary.target.hostname, ...files, ...known.hosts];
}

function processesOf({ summary }: ReportInput, known: KnownNames): string[] {
  const names = [
    ...known.processes,
    ...summary.consumers.flatMap(({ process, unit, container }) => [process, unit, container]),
    ...summary.pools.flatMap(({ owners }) => owners.map(({ process }) => process)),
    ...summary.listeners.map(({ process }) => process),
  ];
  return names.filter((name): name is string => name !== null);
}

/** "ci-runner-07.example.net" is also known as "ci-runner-07". */
function withShortForms(hosts: readonly string[]): string[] {
  return hosts.flatMap((host) => [host, host.split('.')[0] ?? host]);
}

/** Replaces whole names, longest first, in any case. One letter is no name: it would hide half of every text. */
function nameHider(kind: string, names: readonly string[], pseudonyms: Pseudonyms): Redactor {
  const distinct = [...new Set(names.filter((name) => name.trim().length >= 2))];
  if (distinct.length === 0) return (text) => text;
  distinct.sort((a, b) => b.length - a.length);
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}_-])(?:${distinct.map(escaped).join('|')})(?![\\p{L}\\p{N}_-])`,
    'giu',
  );
  return (text) => text.replace(pattern, (found) => pseudonyms.of(kind, found.toLowerCase()));
}

/** Names in the notations of ss, netstat and Windows: they are hidden though nobody knew of them. */
function hideHolders(pseudonyms: Pseudonyms): Redactor {
  const name = (found: string) => pseudonyms.of('process', found.toLowerCase());
  return (text) =>
    text
      .replace(/\(\("(.*?)",pid=/g, (_all, found: string) => `(("${name(found)}",pid=`)
      .replace(/\),\("(.*?)",pid=/g, (_all, found: string) => `),("${name(found)}",pid=`)
      .replace(
        /(\s\d{1,10}\/)([^\s\d[][^\n]{0,40}?)(?=\s{2,}|\s*$|\s+(?:off|keepalive|on|timewait)\b)/gm,
        (_all, pid: string, found: string) => `${pid}${name(found)}`,
      )
      .replace(
        /^(\s*)\[([^\]\n]{1,80}\.(?:exe|dll|sys))\]/gim,
        (_all, space: string, found: string) => `${space}[${name(found)}]`,
      );
}

/** Ends of names with dots that are settings, files or units, not hosts. */
const NO_DOMAIN =
  /\.(?:service|scope|slice|socket|target|timer|exe|dll|sys|conf|txt|log|sh|py|js|mjs|ts|jar|so|rst|c|h|html|md|json|csv)$/i;
const SETTING = /^(?:net|fs|kernel|kern|vm|inet|hw|security|app|linux|windows|macos)\./i;

function hideDomains(pseudonyms: Pseudonyms): Redactor {
  const domain = /(?<![\w./@-])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}(?![\w-]|\.\w)/gi;
  return (text) =>
    text.replace(domain, (found) =>
      NO_DOMAIN.test(found) || SETTING.test(found) ? found : pseudonyms.of('host', found.toLowerCase()),
    );
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
