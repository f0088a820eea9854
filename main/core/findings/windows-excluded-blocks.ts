/** Excluded port blocks (WinNAT, Hyper-V, administrators) inside the dynamic range. */
import type { PortRange } from '../model.ts';
import { countPorts } from '../port-range.ts';
import { sayCount, sayPercent } from '../words/figures.ts';
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';
import { counted } from './subjects.ts';

const NOTICE_SHARE = 0.03;
const WARNING_SHARE = 0.5;
const BLOCK = 100;

export const windowsExcludedBlocks: Rule = {
  id: 'windows-excluded-blocks',
  title: 'Excluded port blocks',
  systems: ['windows'],
  find: ({ system, settings, reservedCount, capacity }) => {
    const ports = countPorts(settings.range);
    const share = ports === 0 ? 0 : reservedCount / ports;
    if (system !== 'windows' || share < NOTICE_SHARE) return [];
    const blocks = settings.reserved.reduce((sum, range) => sum + blocksOf(range, settings.range), 0);
    return [
      {
        id: 'windows-excluded-blocks',
        rule: 'windows-excluded-blocks',
        level: share >= WARNING_SHARE ? 'warning' : 'notice',
        title: 'Excluded blocks take ports of the range',
        sentence: `${sayCount(reservedCount)} of ${sayCount(ports)} dynamic ports are excluded (${sayPercent(share)})${blocks > 0 ? `, among them ${counted(blocks, 'block')} of 100 as Hyper-V and WinNAT take them at boot` : ''}; ${sayCount(capacity)} are left.`,
        evidence: `excludedportrange: ${sayCount(settings.reserved.length)} ranges, ${sayCount(reservedCount)} ports inside ${settings.range.first}–${settings.range.last}`,
        figures: ['range'],
        disproof: 'The blocks lie outside the dynamic range.',
        remedies: [
          remedy('windows-excluded-blocks', 'WinNAT takes other blocks when it starts again'),
          remedy('windows-widen-range', 'more ports beside the excluded ones'),
        ],
        source: 'Microsoft: netsh int ipv4 show excludedportrange; administered port exclusions',
        poolKey: null,
        pid: null,
      },
    ];
  },
};

/** Blocks side by side were merged into one range. */
function blocksOf(excluded: PortRange, { first, last }: PortRange): number {
  const ports = countPorts(excluded);
  return excluded.first >= first && excluded.last <= last && ports % BLOCK === 0 ? ports / BLOCK : 0;
}
