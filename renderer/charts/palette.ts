/** Colours of the canvas engines, read from the tokens; read again when the theme changes. */

export type Rgb = [red: number, green: number, blue: number];

/** Understands colours; made when first needed. */
let scratch: CanvasRenderingContext2D | null = null;

/** The value of a token on the document, as the style sheet has it: "--font-ui", "--st-tw". */
export function readToken(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** The value of a colour token as #rrggbb: a build may shorten "#ffffff" to "#fff" or to a name. */
export function readColour(name: string): string {
  const value = readToken(name);
  scratch ??= document.createElement('canvas').getContext('2d');
  if (!scratch) return value;
  scratch.fillStyle = value;
  return String(scratch.fillStyle);
}

/** Three bytes of a #rrggbb colour. Anything else is black. */
export function parseColour(hex: string): Rgb {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  if (!match) return [0, 0, 0];
  return [parseInt(match[1] ?? '0', 16), parseInt(match[2] ?? '0', 16), parseInt(match[3] ?? '0', 16)];
}

/** Between two colours: 0 is the first, 1 the second. */
export function mixColours(from: Rgb, to: Rgb, share: number): Rgb {
  const at = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share);
  return [at(0), at(1), at(2)];
}

/** A colour as CSS with an opacity. */
export function withAlpha(hex: string, alpha: number): string {
  const [red, green, blue] = parseColour(hex);
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}
