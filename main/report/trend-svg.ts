/** Ports in use over time as a still picture: stacked states, the pool's limit, the forecast. Inline SVG, no script. */
import { sayCount } from '../core/words/figures.ts';
import { escapeHtml } from './escape.ts';
import type { ReportTrend } from './model.ts';

const WIDTH = 760;
const HEIGHT = 220;
const LEFT = 52;
const RIGHT = 12;
const TOP = 14;
const BOTTOM = 26;
/** Points drawn; more say nothing at this width. */
const MAX_POINTS = 380;

interface Scale {
  x(atMs: number): number;
  y(ports: number): number;
}

/** The picture, or null when there are fewer than two points. `clock` names a moment on the axis. */
export function trendSvg(
  { title, trend, forecast, capacity }: ReportTrend,
  clock: (atMs: number) => string,
): string | null {
  const first = trend.atMs[0];
  const now = trend.atMs.at(-1);
  if (first === undefined || now === undefined || first === now) return null;
  const end = forecast?.atMs.at(-1) ?? now;
  const totals = trend.atMs.map((_, at) => stackAt(trend, at, 3));
  const top = niceTop(
    Math.max(
      1,
      ...totals,
      ...(forecast?.median ?? []).map((ports) => Math.min(ports, capacity ?? ports)),
      capacityInView(capacity, totals),
    ),
  );
  const scale: Scale = {
    x: (atMs) => LEFT + ((atMs - first) / (end - first)) * (WIDTH - LEFT - RIGHT),
    y: (ports) => HEIGHT - BOTTOM - (ports / top) * (HEIGHT - TOP - BOTTOM),
  };
  const last = totals.at(-1) ?? 0;
  const label = `${title}: ${sayCount(last)} ports in use at ${clock(now)}${capacity === null ? '' : ` of ${sayCount(capacity)}`}`;
  return [
    `<svg class="trend" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(label)}">`,
    ...gridLines(top, scale),
    area(trend, scale, 0, 1, 'tw'),
    area(trend, scale, 1, 2, 'est'),
    area(trend, scale, 2, 3, 'other'),
    ...forecastLines(forecast, now, Math.min(top, capacity ?? top), scale),
    ...limitLine(capacity, top, scale),
    ...timeLabels(first, now, end, scale, clock),
    '</svg>',
  ].join('');
}

/** Height of the first `parts` states of the stack: TIME_WAIT, established, other. */
function stackAt(trend: ReportTrend['trend'], at: number, parts: number): number {
  const states = [trend.timeWait[at] ?? 0, trend.established[at] ?? 0, trend.other[at] ?? 0];
  return states.slice(0, parts).reduce((sum, ports) => sum + ports, 0);
}

/** The limit is drawn when the use is a tenth of it or more; else it would flatten the picture. */
function capacityInView(capacity: number | null, totals: readonly number[]): number {
  return capacity !== null && Math.max(...totals) >= capacity / 10 ? capacity : 0;
}

function niceTop(value: number): number {
  const step = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 1.5, 2, 3, 4, 5, 8, 10].find((candidate) => candidate * step >= value * 1.08) ?? 10;
  return factor * step;
}

function area(trend: ReportTrend['trend'], scale: Scale, from: number, to: number, name: string): string {
  const step = Math.max(1, Math.ceil(trend.atMs.length / MAX_POINTS));
  const upper: string[] = [];
  const lower: string[] = [];
  for (let at = 0; at < trend.atMs.length; at += step) {
    const x = scale.x(trend.atMs[at] ?? 0).toFixed(1);
    upper.push(`${x},${scale.y(stackAt(trend, at, to)).toFixed(1)}`);
    lower.push(`${x},${scale.y(stackAt(trend, at, from)).toFixed(1)}`);
  }
  return `<polygon class="${name}" points="${[...upper, ...lower.reverse()].join(' ')}"/>`;
}

function gridLines(top: number, { y }: Scale): string[] {
  return [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const at = y(top * share).toFixed(1);
    const line = `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at}" y2="${at}"/>`;
    return `${line}<text x="${LEFT - 6}" y="${at}" dy="4" text-anchor="end">${sayCount(top * share)}</text>`;
  });
}

function forecastLines(
  forecast: ReportTrend['forecast'],
  now: number,
  top: number,
  { x, y }: Scale,
): string[] {
  if (!forecast || forecast.atMs.length < 2) return [];
  const points = forecast.atMs.map(
    (atMs, at) => `${x(atMs).toFixed(1)},${y(Math.min(top, forecast.median[at] ?? 0)).toFixed(1)}`,
  );
  const at = x(now).toFixed(1);
  const band = [...forecast.high.keys()].map(
    (at) => `${x(forecast.atMs[at] ?? 0).toFixed(1)},${y(Math.min(top, forecast.high[at] ?? 0)).toFixed(1)}`,
  );
  const low = [...forecast.low.keys()].map(
    (at) => `${x(forecast.atMs[at] ?? 0).toFixed(1)},${y(Math.min(top, forecast.low[at] ?? 0)).toFixed(1)}`,
  );
  return [
    `<polygon class="band" points="${[...band, ...low.reverse()].join(' ')}"/>`,
    `<polyline class="forecast" points="${points.join(' ')}"/>`,
    `<line class="now" x1="${at}" x2="${at}" y1="${TOP}" y2="${HEIGHT - BOTTOM}"/>`,
  ];
}

function limitLine(capacity: number | null, top: number, { y }: Scale): string[] {
  if (capacity === null || capacity > top) return [];
  const at = y(capacity);
  return [
    `<line class="limit" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/>`,
    `<text class="limit-word" x="${LEFT + 6}" y="${(at - 5).toFixed(1)}">Pool full · ${sayCount(capacity)} ports</text>`,
  ];
}

function timeLabels(
  first: number,
  now: number,
  end: number,
  { x }: Scale,
  clock: (atMs: number) => string,
): string[] {
  const label = (atMs: number, words: string, anchor: string) =>
    `<text x="${x(atMs).toFixed(1)}" y="${HEIGHT - 8}" text-anchor="${anchor}">${escapeHtml(words)}</text>`;
  const labels = [
    label(first, clock(first), 'start'),
    label(now, clock(now), end === now ? 'end' : 'middle'),
  ];
  return end === now ? labels : [...labels, label(end, `+${Math.round((end - now) / 60_000)} min`, 'end')];
}
