/** Names that stand for what is hidden: the same for the same thing throughout one report. */

export class Pseudonyms {
  readonly #given = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  /** "[address-3]" for the third thing of this kind, whatever way it is written: `identity` tells what it is. */
  of(kind: string, identity: string): string {
    const key = `${kind} ${identity}`;
    const given = this.#given.get(key);
    if (given !== undefined) return given;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const name = `[${kind}-${number}]`;
    this.#given.set(key, name);
    return name;
  }
}
