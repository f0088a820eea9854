import { computed } from 'vue';
import { columnOf, linesLane, rateLane, statesLane, type LaneData } from '../../charts/history-lane.ts';
import { formatMoment } from '../../charts/history-time.ts';
import { formatCount, formatShare } from '../../format/numbers.ts';
import { useTrends } from '../../stores/trends.ts';
import { indexAt, readingAt, readingSentence } from './readings.ts';
import { chartLabels } from './trend-words.ts';

/** What the charts and the panel beside them show, from the store's frame. */
export function useTrendView() {
  const trends = useTrends();

  /** Made with each answer, never while the window moves. */
  const lanes = computed<LaneData[]>(() => {
    const { frame } = trends;
    if (!frame) return [];
    const { series, subject, compared, forecast, question } = frame;
    const input = {
      series,
      subject: subject.kind,
      compared:
        compared && question.compareMs !== null ? { series: compared, offsetMs: question.compareMs } : null,
      forecast,
      nowMs: question.loaded.untilMs,
    };
    return [statesLane(input), rateLane(input), linesLane(question.linesBy, frame.lines)];
  });
  const labels = computed(() =>
    trends.frame ? chartLabels(trends.frame, trends.frame.question.window, trends.nowMs) : [],
  );
  const index = computed(() => {
    const { frame, cursorMs, window, nowMs } = trends;
    return frame ? indexAt(frame.series.atMs, cursorMs ?? Math.min(nowMs, window.untilMs)) : -1;
  });
  const reading = computed(() => (trends.frame ? readingAt(trends.frame, index.value) : null));
  const lines = computed(() => {
    const { frame } = trends;
    const atMs = reading.value?.atMs;
    if (!frame || atMs === undefined) return [];
    const isShare = frame.question.linesBy === 'destination';
    return frame.lines.map(({ name }, line) => ({ name, value: lineValue(line, atMs), isShare }));
  });

  function lineValue(line: number, atMs: number): number | null {
    const { frame } = trends;
    const series = frame?.lines[line]?.series;
    if (!frame || !series) return null;
    const at = indexAt(series.atMs, atMs);
    if (at < 0 || Math.abs((series.atMs[at] ?? 0) - atMs) > series.stepMs) return null;
    if (frame.question.linesBy === 'process') return columnOf(series, 'sockets', 'max')[at] ?? null;
    const used = columnOf(series, 'used', 'max')[at] ?? null;
    const capacity = columnOf(series, 'capacity', 'max')[at] ?? 0;
    return used === null || capacity <= 0 ? null : Math.min(1, used / capacity);
  }
  function lineWords(line: number, atMs: number): string {
    const value = lineValue(line, atMs);
    return trends.frame?.question.linesBy === 'destination' ? formatShare(value) : formatCount(value);
  }

  /** Everything at the cursor, in one sentence for readers. */
  const words = computed(() => {
    const { value: now } = reading;
    if (!now) return 'No time chosen';
    const parts = [
      `${formatCount(now.timeWait)} in TIME-WAIT`,
      `${formatCount(now.established)} established`,
      now.capacity === null
        ? `${formatCount(now.used)} sockets`
        : `${formatCount(now.used)} of ${formatCount(now.capacity)} ports in use`,
      `${formatCount(now.opensPerSecond)} opened a second`,
    ];
    return `${formatMoment(now.atMs, trends.nowMs)}: ${parts.join(', ')}`;
  });

  return {
    charts: computed(() => ({
      lanes: lanes.value,
      labels: labels.value,
      cursorValues: [
        reading.value?.used ?? null,
        reading.value?.opensPerSecond ?? null,
        lines.value[0]?.value ?? null,
      ],
      reading: words.value,
      lineNames: lines.value.map(({ name }) => name),
      lineValues: (atMs: number) => (trends.frame?.lines ?? []).map((_, line) => lineWords(line, atMs)),
    })),
    reading: computed(() => ({
      reading: reading.value,
      sentence: trends.frame && reading.value ? readingSentence(trends.frame, reading.value) : null,
      lines: lines.value,
      isCursor: trends.cursorMs !== null,
    })),
  };
}
