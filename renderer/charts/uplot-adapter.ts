/** The one place that knows uPlot: columns of a TrendView or a lane in, pixels out. The engine lives outside Vue. */
import type uPlot from 'uplot';
import { formatAxisCount, formatShare } from '../format/numbers.ts';
import { drawLaneBehind, drawLaneInFront, type LaneFrame } from './history-draw.ts';
import { laneMost, type LaneColumn, type LaneData } from './history-lane.ts';
import { readColour, readToken, withAlpha } from './palette.ts';
import { repairNavigatorLanguage } from './navigator-language.ts';
import { drawBehind, drawInFront, type Plot, type TrendColours } from './trend-draw.ts';
import { gridValues, type TrendView } from './trend-view.ts';

export interface TrendEngine {
  update(view: TrendView): void;
  resize(width: number, height: number): void;
  /** Reads the tokens again and repaints: the theme changed, or a font arrived. */
  recolour(): void;
  /** Puts the crosshair on a column, or takes it away. */
  pointAt(index: number | null): void;
  dispose(): void;
}

export interface TrendEngineOptions {
  width: number;
  height: number;
  view: TrendView;
  /** Hears which column the crosshair is on; null when it left. */
  onPoint(index: number | null): void;
}

/** One chart of the history, drawn from data that changes seldom and a window that moves often. */
export interface LaneEngine {
  update(data: LaneData, frame: LaneFrame): void;
  resize(width: number, height: number): void;
  recolour(): void;
  /** What was drawn, for a picture of it. */
  readonly canvas: HTMLCanvasElement;
  dispose(): void;
}

export interface LaneEngineOptions {
  width: number;
  height: number;
  data: LaneData;
  frame: LaneFrame;
}

/** Where the plot of each lane begins and ends, CSS pixels from the sides of the chart. */
export const LANE_LEFT_PX = 52;
export const LANE_RIGHT_PX = 16;
/** Above the plot its title stands. */
export const LANE_TOP_PX = 20;
export const LANE_BOTTOM_PX = 4;
/** What the times below the last lane take. */
export const LANE_AXIS_PX = 24;
/** Under this width the words on the chart get short. */
const NARROW_PX = 460;
const LEFT_PX = 46;
const RIGHT_PX = 14;
const TOP_PX = 10;
const BOTTOM_PX = 26;

/** Fetches the engine; null where there is no canvas (the text alternative then stands alone). */
export async function loadTrendEngine(): Promise<TrendEngineFactory | null> {
  if (!document.createElement('canvas').getContext('2d')) return null;
  repairNavigatorLanguage(navigator);
  const { default: engine } = await import('uplot');
  return (host, options) => mountTrendEngine(engine, host, options);
}

/** Fetches the engine for lanes; null where there is no canvas. */
export async function loadLaneEngine(): Promise<LaneEngineFactory | null> {
  if (!document.createElement('canvas').getContext('2d')) return null;
  repairNavigatorLanguage(navigator);
  const { default: engine } = await import('uplot');
  return (host, options) => mountLaneEngine(engine, host, options);
}

/** Starts a lane in `host`. */
export type LaneEngineFactory = (host: HTMLElement, options: LaneEngineOptions) => LaneEngine;

/** Starts a chart in `host`. */
export type TrendEngineFactory = (host: HTMLElement, options: TrendEngineOptions) => TrendEngine;

function mountTrendEngine(Engine: typeof uPlot, host: HTMLElement, options: TrendEngineOptions): TrendEngine {
  let view = options.view;
  let colours = readColours();
  const plotOf = (chart: uPlot): Plot => plotArea(chart, Engine.pxRatio, colours);
  const chart = new Engine(
    {
      width: options.width,
      height: options.height,
      ms: 1,
      padding: [TOP_PX, RIGHT_PX, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      scales: {
        x: { range: () => [view.window.fromMs, view.window.toMs] },
        y: { range: () => [0, view.yMax] },
      },
      axes: [
        {
          size: BOTTOM_PX,
          grid: { show: false },
          ticks: { show: false },
          values: (_, splits) => splits.map(() => ''),
        },
        {
          size: LEFT_PX,
          gap: 8,
          font: `11px ${colours.font}`,
          stroke: () => colours.textQuiet,
          grid: { stroke: () => colours.grid, width: 1 },
          ticks: { show: false },
          splits: () => gridValues(view.yMax),
          values: (_, splits) => splits.map(formatAxisCount),
        },
      ],
      series: [{}, ...seriesOf(() => colours)],
      bands: [
        { series: [1, 2], fill: () => withAlpha(colours.other, 0.5) },
        { series: [2, 3], fill: () => withAlpha(colours.established, 0.55) },
        { series: [5, 4], fill: () => withAlpha(colours.text, 0.12) },
      ],
      hooks: {
        drawAxes: [(self) => withCssPixels(self, Engine.pxRatio, () => drawBehind(plotOf(self), view))],
        draw: [(self) => withCssPixels(self, Engine.pxRatio, () => drawInFront(plotOf(self), view))],
        setCursor: [(self) => options.onPoint(self.cursor.idx ?? null)],
      },
    },
    columnsOf(view),
    host,
  );
  return {
    update(next) {
      view = next;
      chart.setData(columnsOf(view));
    },
    resize: (width, height) => chart.setSize({ width, height }),
    recolour() {
      colours = readColours();
      chart.redraw(false, true);
    },
    pointAt(index) {
      const at = index === null ? undefined : chart.data[0][index];
      chart.setCursor({ left: at === undefined ? -10 : chart.valToPos(at, 'x'), top: 0 });
    },
    dispose: () => chart.destroy(),
  };
}

function mountLaneEngine(Engine: typeof uPlot, host: HTMLElement, options: LaneEngineOptions): LaneEngine {
  let { data, frame } = options;
  let colours = readColours();
  const plotOf = (chart: uPlot): Plot => plotArea(chart, Engine.pxRatio, colours);
  const grid = () => (data.unit === 'share' ? [0, 0.5, 1] : gridValues(laneMost(data), 3));
  const chart = new Engine(
    {
      width: options.width,
      height: options.height,
      ms: 1,
      padding: [LANE_TOP_PX, LANE_RIGHT_PX, frame.hasTimeAxis ? 0 : LANE_BOTTOM_PX, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { range: () => [frame.window.fromMs, frame.window.untilMs] },
        y: { range: () => [0, laneMost(data)] },
      },
      axes: [
        // The times are drawn by hand: they know of days, of the present and of what is to come.
        {
          show: frame.hasTimeAxis,
          size: LANE_AXIS_PX,
          grid: { show: false },
          splits: () => [],
          values: () => [],
        },
        {
          size: LANE_LEFT_PX,
          gap: 8,
          font: `11px ${colours.font}`,
          stroke: () => colours.textQuiet,
          grid: { stroke: () => colours.grid, width: 1 },
          ticks: { show: false },
          splits: grid,
          values: (_, splits) =>
            splits.map((value) => (data.unit === 'share' ? formatShare(value) : formatAxisCount(value))),
        },
      ],
      series: [{}, ...data.columns.map((column) => laneSeries(column, () => colours))],
      hooks: {
        drawAxes: [
          (self) => withCssPixels(self, Engine.pxRatio, () => drawLaneBehind(plotOf(self), data, frame)),
        ],
        draw: [
          (self) => withCssPixels(self, Engine.pxRatio, () => drawLaneInFront(plotOf(self), data, frame)),
        ],
      },
    },
    laneColumns(data),
    host,
  );
  return {
    canvas: chart.ctx.canvas,
    update(nextData, nextFrame) {
      const isSame = nextData === data;
      const hasMoved =
        frame.window.fromMs !== nextFrame.window.fromMs || frame.window.untilMs !== nextFrame.window.untilMs;
      data = nextData;
      frame = nextFrame;
      // Moving the window draws what is there: the columns are not read again.
      if (!isSame) chart.setData(laneColumns(data));
      else if (hasMoved) chart.setScale('x', { min: frame.window.fromMs, max: frame.window.untilMs });
      else chart.redraw(false);
    },
    resize: (width, height) => chart.setSize({ width, height }),
    recolour() {
      colours = readColours();
      chart.redraw(false, true);
    },
    dispose: () => chart.destroy(),
  };
}

function laneColumns({ xs, columns }: LaneData): uPlot.AlignedData {
  return [xs, ...columns.map(({ values }) => values)];
}

function laneSeries({ ink, width, fill, dash }: LaneColumn, colours: () => TrendColours): uPlot.Series {
  return {
    points: { show: false },
    stroke: () => colours()[ink],
    width,
    dash: dash ? [...dash] : undefined,
    fill:
      fill === undefined
        ? undefined
        : (chart) => (fill === 'fade' ? fadeDown(chart, colours()[ink]) : withAlpha(colours()[ink], fill)),
  };
}

function columnsOf(view: TrendView): uPlot.AlignedData {
  return [view.xs, view.total, view.established, view.timeWait, view.low, view.high, view.median];
}

/** From the top down, so that each line lies over the fill above it; then the forecast: band edges and median. */
function seriesOf(colours: () => TrendColours): uPlot.Series[] {
  const points = { show: false };
  const edge = () => withAlpha(colours().textQuiet, 0.7);
  return [
    { points, width: 0 },
    { points, stroke: () => colours().established, width: 1.4 },
    {
      points,
      stroke: () => colours().timeWait,
      width: 1.6,
      fill: (chart) => fadeDown(chart, colours().timeWait),
    },
    { points, stroke: edge, width: 1 },
    { points, stroke: edge, width: 1 },
    { points, stroke: () => colours().text, width: 1.6, dash: [4, 3.5] },
  ];
}

function fadeDown(chart: uPlot, colour: string): CanvasGradient {
  const gradient = chart.ctx.createLinearGradient(0, chart.bbox.top, 0, chart.bbox.top + chart.bbox.height);
  gradient.addColorStop(0, withAlpha(colour, 0.46));
  gradient.addColorStop(1, withAlpha(colour, 0.1));
  return gradient;
}

function plotArea(chart: uPlot, ratio: number, colours: TrendColours): Plot {
  const { left, top, width, height } = chart.bbox;
  return {
    context: chart.ctx,
    left: left / ratio,
    top: top / ratio,
    right: (left + width) / ratio,
    bottom: (top + height) / ratio,
    x: (atMs) => chart.valToPos(atMs, 'x', true) / ratio,
    y: (ports) => chart.valToPos(ports, 'y', true) / ratio,
    colours,
    isNarrow: width / ratio < NARROW_PX,
  };
}

/** uPlot's canvas is in device pixels; marks and words are designed in CSS pixels. */
function withCssPixels(chart: uPlot, ratio: number, draw: () => void): void {
  chart.ctx.save();
  chart.ctx.scale(ratio, ratio);
  // The engine leaves the dashes of its last series behind.
  chart.ctx.setLineDash([]);
  draw();
  chart.ctx.restore();
}

function readColours(): TrendColours {
  return {
    panel: readColour('--bg-2'),
    grid: readColour('--grid'),
    text: readColour('--tx-1'),
    textSoft: readColour('--tx-2'),
    textQuiet: readColour('--tx-3'),
    line: readColour('--ln-2'),
    timeWait: readColour('--st-tw'),
    established: readColour('--st-est'),
    other: readColour('--st-fin'),
    critical: readColour('--sv-crit'),
    warning: readColour('--sv-warn'),
    font: readToken('--font-ui'),
  };
}
