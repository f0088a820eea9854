/** What Preview says of a plan. Pure. */
import type { FixEffect, FixParametersInfo, PlanInfo } from '../../../preload/contract-fixes.ts';
import type { EffectFigure } from '../../components/EffectFigures.vue';
import { durationParts, formatDuration, formatHold, roundForecastSeconds } from '../../format/durations.ts';
import { formatCount, formatCountOf, formatShare, UNKNOWN_MARK } from '../../format/numbers.ts';
import { formatRate, formatSustainable } from '../../format/rates.ts';

type Parts = EffectFigure['now'];
type Figure = FixEffect['used'];

/** After how many seconds a change undoes itself; 'never' keeps it at once. */
export type UndoAfter = '60' | '300' | '900' | '3600' | 'never';

export const UNDO_CHOICES: { value: UndoAfter; label: string; title: string }[] = [
  { value: '60', label: '1 min', title: 'Undoes itself after 1 min unless you keep it' },
  { value: '300', label: '5 min', title: 'Undoes itself after 5 min unless you keep it' },
  { value: '900', label: '15 min', title: 'Undoes itself after 15 min unless you keep it' },
  { value: '3600', label: '60 min', title: 'Undoes itself after 60 min unless you keep it' },
  { value: 'never', label: 'Keep at once', title: 'Nothing is undone by itself' },
];

export function undoAfterSeconds(choice: UndoAfter): number | null {
  return choice === 'never' ? null : Number(choice);
}

/** Predicted figures with what each rests on; unknown is an en dash with its reason. */
export function effectFigures(effect: FixEffect): EffectFigure[] {
  const settles = effect.steadyState.now !== effect.steadyState.then;
  return [
    {
      title: 'Sustainable rate',
      basis: holdBasis(effect),
      now: rate(effect.sustainableRatePerSecond.now),
      then: rate(effect.sustainableRatePerSecond.then),
    },
    {
      title: 'Pool in use',
      basis:
        effect.used.now === null
          ? 'the ports in use are not known'
          : `${formatCountOf(effect.used.now, 'port')} at this moment`,
      now: share(effect, effect.used, 'now'),
      then: share(effect, effect.used, 'then'),
    },
    ...(settles
      ? [
          {
            title: 'Levels off at',
            basis: effect.opensPerSecond.then === null ? 'the rate is not known' : pace(effect),
            now: share(effect, effect.steadyState, 'now'),
            then: share(effect, effect.steadyState, 'then'),
          },
        ]
      : []),
    {
      title: 'Runs out',
      basis: effect.opensPerSecond.then === null ? 'the rate is not known' : pace(effect),
      now: runsOut(effect, 'now'),
      then: runsOut(effect, 'then'),
    },
  ];
}

function holdBasis({ capacity, sustainableRatePerSecond: rates }: FixEffect): string {
  const [ports, perSecond] = capacity.then === null ? [capacity.now, rates.now] : [capacity.then, rates.then];
  if (ports === null || perSecond === null || perSecond <= 0) return 'how long a port is held is not known';
  return `pool ÷ ${formatHold(ports / perSecond)} hold`;
}

/** A full pool is asked for more than it lets through. */
function pace({ opensPerSecond: { now, then }, used, capacity }: FixEffect): string {
  const isFull = used.now !== null && capacity.now !== null && used.now >= capacity.now;
  if (now === then || now === null)
    return `at ${formatRate(then)}, ${isFull ? 'as while it had ports' : 'as now'}`;
  return `at ${formatRate(then)} instead of ${formatRate(now)}`;
}

function rate(perSecond: number | null): Parts {
  if (perSecond === null) return [{ value: UNKNOWN_MARK, unit: '' }];
  return [{ value: formatSustainable(perSecond).replace(/\/s$/, ''), unit: '/s' }];
}

function share({ capacity }: FixEffect, figure: Figure, when: 'now' | 'then'): Parts {
  const [ports, all] = [figure[when], capacity[when]];
  if (ports === null || all === null || all === 0) return [{ value: UNKNOWN_MARK, unit: '' }];
  return [{ value: formatShare(Math.min(1, ports / all)).replace(/%$/, ''), unit: '%' }];
}

function runsOut({ runsOutInSeconds, opensPerSecond }: FixEffect, when: 'now' | 'then'): Parts {
  if (opensPerSecond[when] === null) return [{ value: UNKNOWN_MARK, unit: '' }];
  const seconds = runsOutInSeconds[when];
  if (seconds === null) return [{ value: 'does not', unit: '' }];
  return seconds < 1 ? [{ value: 'now', unit: '' }] : durationParts(roundForecastSeconds(seconds));
}

/** A step that changes no value: a command that is run once, with nothing to compare or to take back. */
function isAction({ current, proposed, undoCommand }: PlanInfo['steps'][number]): boolean {
  return current === 'not set' && proposed === 'done' && undoCommand === null;
}

/** "2 settings and 1 file", "1 command". */
export function stepsWords(steps: PlanInfo['steps']): string {
  const files = steps.filter(({ isFile }) => isFile).length;
  const actions = steps.filter(isAction).length;
  const settings = steps.length - files - actions;
  return [
    ...(settings > 0 ? [formatCountOf(settings, 'setting')] : []),
    ...(files > 0 ? [formatCountOf(files, 'file')] : []),
    ...(actions > 0 ? [formatCountOf(actions, 'command')] : []),
  ].join(' and ');
}

/** The rows of "What changes". */
export function changeRows(steps: PlanInfo['steps']): PlanInfo['steps'] {
  return steps.map((step) =>
    isAction(step) ? { ...step, current: UNKNOWN_MARK, proposed: 'runs once' } : step,
  );
}

/** "Takes effect at once". */
export function effectTag(takesEffect: string): string {
  return `Takes effect ${takesEffect}`;
}

/** What the bar of all ports shows, in a sentence. */
export function rangesSentence(ranges: NonNullable<PlanInfo['ranges']>): string {
  const { present, proposed } = ranges;
  const ports = ranges.reserved.reduce((sum, { first, last }) => sum + last - first + 1, 0);
  const reserved = ports === 0 ? '' : `; ${formatCountOf(ports, 'port')} inside it reserved`;
  return `The range goes from ${present.first}–${present.last} (${formatCountOf(ranges.presentPorts, 'port')}) to ${proposed.first}–${proposed.last} (${formatCountOf(ranges.proposedPorts, 'port')})${reserved}.`;
}

/** What "Automatic in" means for this plan. */
export function undoSentence(steps: PlanInfo['steps'], choice: UndoAfter): { words: string; keep: boolean } {
  const exact = steps.every(({ undoCommand }) => undoCommand !== null);
  if (!steps.some(({ undoCommand }) => undoCommand !== null))
    return { words: 'What this does cannot be taken back.', keep: false };
  const rest = exact ? '' : ' What has no command here cannot be taken back.';
  const seconds = undoAfterSeconds(choice);
  if (seconds === null) {
    const until = steps.every(({ isLasting }) => isLasting) ? 'for good' : 'as long as the system keeps it';
    return { words: `It stays ${until}; Undo in the journal takes it back at any time.${rest}`, keep: false };
  }
  return {
    words: `within ${formatDuration(seconds)}, or when Fourtuple ends. Open connections are not cut.${rest}`,
    keep: true,
  };
}

/** "Reserve these 3 ports and go on", or what else is offered in place of what was refused. */
export function offerWords(asked: FixParametersInfo, offer: FixParametersInfo): string {
  if (offer.reserve !== null && JSON.stringify(offer.reserve) !== JSON.stringify(asked.reserve)) {
    if (offer.reserve === 'found') return 'Reserve the ports that were found and go on';
    const ports = offer.reserve.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    return ports === 1
      ? 'Reserve this port and go on'
      : `Reserve these ${formatCount(ports)} ports and go on`;
  }
  if (offer.range !== null) return `Plan ${offer.range.first}–${offer.range.last} instead`;
  if (offer.value !== null) return `Plan ${formatCount(offer.value)} instead`;
  return 'Plan it as offered';
}

/** The words of the button that applies. */
export function applyWords(steps: PlanInfo['steps']): string {
  return `Apply ${formatCountOf(steps.length, 'change')}…`;
}
