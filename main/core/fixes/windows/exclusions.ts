/** Administered exclusions of Windows: ports that the system gives to nobody who does not ask for them. */
import type { PortRange } from '../../model.ts';
import { countPorts, mergeRanges } from '../../port-range.ts';
import { portListOf, settingOf, valueOf } from '../known.ts';
import { ABSENT } from '../known.ts';
import type { Step, SystemState } from '../model.ts';
import { sayRange } from '../ranges.ts';
import { excludedName, FAMILIES, type Family } from './settings.ts';

/** What is excluded now, of either kind; null where it is not known. */
export function excludedOf(state: SystemState, family: Family): PortRange[] | null {
  const administered = portListOf(settingOf(state, excludedName(family, 'administered')));
  const blocks = portListOf(settingOf(state, excludedName(family, 'blocks')));
  return administered === null || blocks === null ? null : mergeRanges([...administered, ...blocks]);
}

/** One step a range and family; those that an administrator excluded exactly so already are left out. */
export function excludeSteps(state: SystemState, ranges: readonly PortRange[], why: string): Step[] {
  return FAMILIES.flatMap((family) => {
    const present = portListOf(settingOf(state, excludedName(family, 'administered'))) ?? [];
    const isPresent = ({ first, last }: PortRange) =>
      present.some((each) => each.first <= first && each.last >= last);
    return mergeRanges(ranges)
      .filter((range) => !isPresent(range))
      .map((range) => excludeStep(family, range, why));
  });
}

function excludeStep(family: Family, range: PortRange, why: string): Step {
  const netsh = (verb: 'add' | 'delete', ...rest: string[]) => [
    'netsh',
    'int',
    `ipv${family}`,
    verb,
    'excludedportrange',
    'protocol=tcp',
    `startport=${range.first}`,
    `numberofports=${countPorts(range)}`,
    ...rest,
  ];
  return {
    target: { kind: 'excluded-ports', family, range },
    title: `excluded ports ${sayRange(range)}, IPv${family}`,
    current: ABSENT,
    proposed: valueOf('administered'),
    why,
    apply: { kind: 'run', argv: netsh('add', 'store=persistent') },
    undo: { kind: 'run', argv: netsh('delete', 'store=persistent') },
    undoNote: null,
    needsAdmin: true,
    isLasting: true,
  };
}
