/** What the palette offers of Trends: the screen, its lengths of time, its test run. */
import type { PaletteCommand } from '../../components/palette-commands.ts';
import type { useTrends } from '../../stores/trends.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LENGTHS = [
  { ms: HOUR_MS, words: 'the last hour' },
  { ms: DAY_MS, words: 'the last 24 hours' },
  { ms: 7 * DAY_MS, words: 'the last 7 days' },
];

export function trendCommands(
  open: () => void,
  trends: Pick<ReturnType<typeof useTrends>, 'show' | 'nowMs' | 'compare'>,
): PaletteCommand[] {
  return [
    {
      id: 'trends',
      label: 'Trends',
      icon: 'trends',
      keys: 'G T',
      words: 'history past charts incident night export',
      run: open,
    },
    ...LENGTHS.map(({ ms, words }): PaletteCommand => ({
      id: `trends ${ms}`,
      label: `Trends: ${words}`,
      icon: 'trends',
      words: 'history past range',
      run: () => {
        trends.show(trends.nowMs - ms, trends.nowMs);
        open();
      },
    })),
    {
      id: 'trends yesterday',
      label: 'Trends: compare with yesterday',
      icon: 'group',
      words: 'history before after overlay',
      run: () => {
        trends.compare(DAY_MS, 'the same time yesterday');
        open();
      },
    },
  ];
}
