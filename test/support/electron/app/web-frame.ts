/** `WebFrameMain`: a frame of a page, as who sends a message. */
import type * as Electron from 'electron';
import { ModelledEmitter } from './modelled.ts';

type ModelledFrame = Pick<Electron.WebFrameMain, 'url' | 'origin' | 'detached' | 'isDestroyed'>;

/** `WebFrameMain`: what it is asked after its end throws, as documented. */
export class StandInFrame extends ModelledEmitter implements ModelledFrame {
  #url: string;
  readonly #parent: StandInFrame | null;
  #isDestroyed = false;

  constructor(url: string, parent: StandInFrame | null) {
    super('electron.WebFrameMain');
    this.#url = url;
    this.#parent = parent;
  }

  get url(): string {
    this.#alive();
    return this.#url;
  }

  get origin(): string {
    this.#alive();
    return /^[^:]+:\/\/[^/?#]*/.exec(this.#url)?.[0] ?? 'null';
  }

  get parent(): StandInFrame | null {
    this.#alive();
    return this.#parent;
  }

  get top(): StandInFrame {
    this.#alive();
    return this.#parent?.top ?? this;
  }

  get detached(): boolean {
    this.#alive();
    return false;
  }

  isDestroyed(): boolean {
    return this.#isDestroyed;
  }

  move(url: string): void {
    this.#url = url;
  }

  destroy(): void {
    this.#isDestroyed = true;
  }

  #alive(): void {
    if (this.#isDestroyed) throw new Error('Render frame was disposed before WebFrameMain could be accessed');
  }
}
