/** MaxUserPort set on a Windows that does not read it: netsh dynamicport is what counts since Vista. */
import { remedy } from './remedies.ts';
import type { Rule } from './rule.ts';

export const windowsMaxUserPort: Rule = {
  id: 'windows-max-user-port',
  title: 'MaxUserPort',
  systems: ['windows'],
  find: ({ windows, settings: { range } }) => {
    if (windows === null || windows.isLegacy || windows.maxUserPort === null) return [];
    return [
      {
        id: 'windows-max-user-port',
        rule: 'windows-max-user-port',
        level: 'notice',
        title: 'MaxUserPort is not what counts',
        sentence: `MaxUserPort is ${windows.maxUserPort}, but Windows since Vista takes its ports from the dynamic range ${range.first}–${range.last}, set by netsh.`,
        evidence: `MaxUserPort = ${windows.maxUserPort} · dynamic range ${range.first}–${range.last}`,
        figures: ['range'],
        disproof: 'netsh int ipv4 show dynamicport tcp shows a range that ends at MaxUserPort.',
        remedies: [remedy('windows-widen-range', 'the setting that is read')],
        source: 'Microsoft KB 929851; TCP/IP port exhaustion troubleshooting',
        poolKey: null,
        pid: null,
      },
    ];
  },
};
