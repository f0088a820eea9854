/** A picture of the charts as they are drawn: title, range, legend, marks and lanes on one canvas. */
import { formatState } from '../format/states.ts';
import type { PlacedMark } from './history-mark-strip.ts';
import { readColour, readToken } from './palette.ts';

export interface PictureParts {
  /** As they are drawn, in device pixels. */
  lanes: readonly HTMLCanvasElement[];
  title: string;
  sub: string;
  /** The marks for a width in CSS pixels. */
  marks(widthPx: number): PlacedMark[];
  platform: string;
}

const HEAD_PX = 62;
const MARKS_PX = 26;
const GAP_PX = 6;
const FOOT_PX = 8;

/** Null where the browser makes none. */
export function picture({ lanes, title, sub, marks, platform }: PictureParts): Promise<Blob | null> {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.max(...lanes.map((lane) => lane.width));
  const height =
    lanes.reduce((sum, lane) => sum + lane.height + GAP_PX * ratio, 0) +
    (HEAD_PX + MARKS_PX + FOOT_PX) * ratio;
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = Math.ceil(height);
  const context = canvas.getContext('2d');
  if (!context) return Promise.resolve(null);
  context.fillStyle = readColour('--bg-2');
  context.fillRect(0, 0, canvas.width, canvas.height);
  let top = (HEAD_PX + MARKS_PX) * ratio;
  for (const lane of lanes) {
    context.drawImage(lane, 0, top);
    top += lane.height + GAP_PX * ratio;
  }
  context.scale(ratio, ratio);
  drawHead(context, title, sub, platform);
  for (const mark of marks(width / ratio)) drawMark(context, mark);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

function drawHead(context: CanvasRenderingContext2D, title: string, sub: string, platform: string): void {
  const font = readToken('--font-ui');
  const write = (words: string, x: number, y: number, weight: number, ink: string) => {
    context.font = `${weight} ${weight > 400 ? 14 : 12}px ${font}`;
    context.fillStyle = readColour(ink);
    context.fillText(words, x, y);
    return x + context.measureText(words).width;
  };
  write(title, 14, 22, 600, '--tx-1');
  write(sub, 14, 40, 400, '--tx-2');
  let x = 14;
  const legend = [
    ['--st-tw', formatState('TIME_WAIT', platform)],
    ['--st-est', 'Established'],
    ['--st-fin', 'Other'],
    ['--sv-crit', 'Pool size'],
  ] as const;
  for (const [ink, words] of legend) {
    context.fillStyle = readColour(ink);
    context.fillRect(x, 50, 9, 9);
    x = write(words, x + 14, 59, 400, '--tx-2') + 14;
  }
}

function drawMark(context: CanvasRenderingContext2D, { shape, x, endX, label }: PlacedMark): void {
  const y = HEAD_PX + 14;
  context.fillStyle = context.strokeStyle = readColour('--tx-2');
  context.lineWidth = 1.4;
  context.beginPath();
  if (shape === 'bracket') {
    context.moveTo(x, y - 5);
    context.lineTo(x, y + 5);
    context.moveTo(x, y);
    context.lineTo(endX, y);
    context.moveTo(endX, y - 5);
    context.lineTo(endX, y + 5);
    context.stroke();
  } else if (shape === 'tick') {
    context.fillRect(x - 5, y - 5, 10, 10);
  } else {
    context.moveTo(x - 5, y - 4);
    context.lineTo(x + 5, y - 4);
    context.lineTo(x, y + 5);
    context.fill();
  }
  if (!label) return;
  context.font = `400 11px ${readToken('--font-ui')}`;
  context.textAlign = label.anchor === 'middle' ? 'center' : label.anchor;
  context.fillText(label.words, label.x, y + 4);
  context.textAlign = 'start';
}
