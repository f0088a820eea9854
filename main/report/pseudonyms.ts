/** Names that stand for what is hidden: the same for the same thing throughout one report. */

export type HiddenKind = 'address' | 'link' | 'host' | 'file' | 'process' | 'unit' | 'container' | 'user';

/** Around the number of a name while a text is worked on: no name can be taken for a name or an address of the text. */
const OPEN = '\ue000';
const CLOSE = '\ue001';
const MARKED = /(\ue000\d+\ue001)/;

export class Pseudonyms {
  readonly #marks = new Map<string, string>();
  readonly #kinds: HiddenKind[] = [];
  readonly #names = new Map<number, string>();
  readonly #counts = new Map<HiddenKind, number>();

  /** A mark for this thing, whatever way it is written: `identity` tells what it is. `reveal` makes "[address-3]" of it. */
  of(kind: HiddenKind, identity: string): string {
    const key = `${kind} ${identity}`;
    const given = this.#marks.get(key);
    if (given !== undefined) return given;
    const mark = `${OPEN}${this.#kinds.length}${CLOSE}`;
    this.#kinds.push(kind);
    this.#marks.set(key, mark);
    return mark;
  }

  /** The text with every mark as people see it: numbered in the order in which they are seen. */
  reveal(text: string): string {
    if (!text.includes(OPEN)) return text;
    return text.replace(/\ue000(\d+)\ue001/g, (_mark, index: string) => this.#nameOf(Number(index)));
  }

  #nameOf(index: number): string {
    const given = this.#names.get(index);
    if (given !== undefined) return given;
    const kind = this.#kinds[index] ?? 'process';
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const name = `[${kind}-${number}]`;
    this.#names.set(index, name);
    return name;
  }
}

/** Foreign text in which nothing can be taken for a mark. */
export function withoutMarks(text: string): string {
  return text.replace(/[\ue000\ue001]/g, '\ufffd');
}

/** Applies `step` to what is not hidden yet. */
export function outsideMarks(text: string, step: (part: string) => string): string {
  if (!text.includes(OPEN)) return step(text);
  return text
    .split(MARKED)
    .map((part) => (part.startsWith(OPEN) ? part : step(part)))
    .join('');
}
