import type { VueWrapper } from '@vue/test-utils';
import { afterEach, expect, it } from 'vitest';
import type { HistoryMoment } from '../../../../preload/contract-history.ts';
import { formatClock } from '../../../../renderer/format/durations.ts';
import MomentBanner from '../../../../renderer/screens/trends/MomentBanner.vue';
import { otherTimeWords } from '../../../../renderer/screens/trends/moment-words.ts';
import { useNavigation } from '../../../../renderer/stores/navigation.ts';
import { useWorkbench } from '../../../../renderer/stores/workbench.ts';
import { INCIDENT_AT_MS, incidentSummary } from '../../../support/incident.ts';
import { mountScreen, settle } from '../../../support/mount-screen.ts';
import { incidentHistory } from '../../../support/trends.ts';

type Kept = NonNullable<HistoryMoment>;
let mounted: VueWrapper | null = null;
afterEach(() => {
  mounted?.unmount();
  mounted = null;
});

/** A moment whose summary and verdict are so many seconds older. */
function momentOf(summarySeconds: number, verdictSeconds: number, stepMs = 1000): Kept {
  const at = (seconds: number) => INCIDENT_AT_MS - seconds * 1000;
  const verdict: Kept['verdict'] = {
    atMs: at(verdictSeconds),
    level: 'ok',
    sentence: 'Well.',
    poolKey: null,
  };
  const summary = incidentSummary({ takenAtMs: at(summarySeconds) });
  return { atMs: INCIDENT_AT_MS, stepMs, totals: {}, pools: [], consumers: [], verdict, summary };
}
const seconds = (atMs: number) => `${(atMs - INCIDENT_AT_MS) / 1000} s`;

it.each([
  ['all is of the moment', momentOf(2, 2), []],
  ['all is of the step', momentOf(-50, -50, 60_000), []],
  ['the verdict is of the moment', momentOf(600, 1), ['Findings and consumers as of -600 s']],
  ['all is as old', momentOf(600, 600), ['Verdict, findings and consumers as of -600 s']],
  [
    'each is of its own time',
    momentOf(600, 60),
    ['Findings and consumers as of -600 s', 'verdict as of -60 s'],
  ],
  ['all came after', momentOf(-30, -30), ['Verdict, findings and consumers as of 30 s']],
])('names the time of what is not of the moment: %s', (_, moment, words) =>
  expect(otherTimeWords(moment, seconds)).toEqual(words),
);

it('tells in the banner of what time findings and consumers are', async () => {
  mounted = await mountScreen(MomentBanner, incidentHistory(60).link);
  useNavigation().go('headroom');
  useWorkbench().showMoment(momentOf(600, 1));
  await settle();
  const then = formatClock(INCIDENT_AT_MS - 600_000);
  expect(mounted.text()).toMatch(
    new RegExp(`figures of 1 s · Findings and consumers as of .*${then} · nothing`),
  );
});
