/** The window as CSV: the kept figures as they were answered, gaps as empty fields. Pure. */
import type { Span } from '../../charts/history-time.ts';
import type { TrendsFrame } from '../../stores/trend-questions.ts';

/** Characters a spreadsheet would read as the start of a formula. */
const FORMULA = /^[=+\-@\t\r]/;

export function trendCsv(
  { series, marks }: Pick<TrendsFrame, 'series' | 'marks'>,
  { fromMs, untilMs }: Span,
): string {
  const heads = series.columns.flatMap(({ name }) => [`${name} mean`, `${name} min`, `${name} max`]);
  const lines = [['time', ...heads, 'events'].join(',')];
  const rows = [...series.atMs.entries()].filter(([, at]) => at >= fromMs && at <= untilMs);
  for (const [row, [index, at]] of rows.entries()) {
    const values = series.columns.flatMap(({ mean, min, max }) =>
      [mean[index], min[index], max[index]].map(figure),
    );
    // What happened while nothing was sampled stands beside the last figure before it.
    const nextAt = rows[row + 1]?.[1] ?? untilMs + 1;
    const events = marks
      .filter(({ atMs }) => atMs >= (row === 0 ? fromMs : at) && atMs < nextAt)
      .map(({ text }) => text);
    lines.push([new Date(at).toISOString(), ...values, quoted(events.join('; '))].join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}

function figure(value: number | null | undefined): string {
  return typeof value === 'number' ? String(Math.round(value * 1000) / 1000) : '';
}

function quoted(text: string): string {
  if (text === '') return '';
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}
