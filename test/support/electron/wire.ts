/**
 * The line between the app's process and the display (the test's process, which has the browser): each side asks the
 * other by name and is answered. It goes over Node's own channel, in structured clones.
 */

/** A browser's frame as Electron's WebFrameMain tells of it. */
export interface FrameState {
  id: string;
  /** As Electron has it: "app://fourtuple/index.html". */
  url: string;
  parentId: string | null;
}

/** What makes a page's surroundings, from the webPreferences. */
export interface PageWorld {
  /** The text of the preload script; null without one. */
  preload: string | null;
  contextIsolation: boolean;
  /** Run in every frame, not only in the top one. */
  inSubFrames: boolean;
}

export interface AnsweredRequest {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** A key as the page got it, and left it to the window. */
export interface PressedKey {
  key: string;
  code: string;
  control: boolean;
  shift: boolean;
  alt: boolean;
  meta: boolean;
}

/** What the display does for the app. */
export interface DisplayServes {
  'window.open'(args: {
    windowId: number;
    world: PageWorld;
    width: number;
    height: number;
    backgroundColor: string;
    /** Null: as the system has it. */
    colorScheme: 'light' | 'dark' | null;
    /** Schemes that are served by the app, and whether their pages are secure contexts. */
    schemes: { scheme: string; isSecure: boolean }[];
  }): void;
  'window.load'(args: { windowId: number; url: string }): void;
  'window.reload'(args: { windowId: number }): void;
  'window.close'(args: { windowId: number }): void;
  /** Of the page, in CSS pixels at this zoom. */
  'window.resize'(args: { windowId: number; width: number; height: number; zoomFactor: number }): void;
  'window.visibility'(args: { windowId: number; isVisible: boolean }): void;
  'page.send'(args: { windowId: number; channel: string; args: string }): void;
  'theme.change'(args: { colorScheme: 'light' | 'dark' | null }): void;
  /** Resolves when the test has answered. */
  'dialog.show'(args: { kind: string; options: unknown }): unknown;
}

/** What the app does for the display. */
export interface AppServes {
  'ipc.invoke'(args: { windowId: number; frame: FrameState; channel: string; args: string }): string;
  'ipc.send'(args: { windowId: number; frame: FrameState; channel: string; args: string }): void;
  'page.changed'(
    args: { windowId: number } & (
      | { event: 'did-finish-load' | 'dom-ready' | 'shown-first' }
      | { event: 'did-navigate' | 'did-navigate-in-page'; url: string; isMainFrame: boolean }
      | { event: 'did-fail-load'; url: string; description: string }
      | { event: 'page-title-updated'; title: string }
      | { event: 'frame-gone'; frameId: string }
      | { event: 'crashed' }
    ),
  ): void;
  'page.key'(args: { windowId: number; key: PressedKey }): void;
  /** Whether the navigation may go on. */
  'page.navigating'(args: { windowId: number; url: string; frame: FrameState; isInPlace: boolean }): boolean;
  /** Whether the window that the page wants may be opened. */
  'page.opening'(args: { windowId: number; url: string; frameName: string }): boolean;
  /** Whether the download may go on. */
  'page.downloading'(args: { windowId: number; url: string; filename: string }): boolean;
  'scheme.request'(args: {
    url: string;
    method: string;
    headers: Record<string, string>;
  }): AnsweredRequest | null;
  /** Electron's names of the permissions that a page of this address has. */
  'session.permissions'(args: { windowId: number; url: string }): Record<string, boolean>;
  /** Something that a person or the system does outside the page: see control.ts. */
  control(args: { action: string; details: unknown }): unknown;
}

type Served = Record<string, (args: never) => unknown>;
type Result<F> = F extends (args: never) => infer R ? R : never;
type Args<F> = F extends (args: infer A) => unknown ? A : never;
export type Handlers<S> = {
  [N in keyof S]: (args: Args<S[N]>) => Result<S[N]> | Promise<Result<S[N]>>;
};

type Message =
  | { kind: 'ask'; id: number; name: string; args: unknown }
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'refusal'; id: number; message: string };

/** Where messages go and come from. */
export interface WirePort {
  send(message: object): void;
  onMessage(listener: (message: unknown) => void): void;
}

/** One end of the line: `serves` answers what the other asks. */
export class Line<Here, There> {
  readonly #port: WirePort;
  readonly #waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>();
  #nextId = 1;
  #isCut = false;

  constructor(port: WirePort, serves: Handlers<Here>) {
    this.#port = port;
    port.onMessage((message) => void this.#hear(message as Message, serves as unknown as Served));
  }

  ask<N extends keyof There & string>(name: N, args: Args<There[N]>): Promise<Result<There[N]>> {
    if (this.#isCut) return Promise.reject(new Error(`${name}: the other side is gone`));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#port.send({ kind: 'ask', id, name, args } satisfies Message);
    });
  }

  /** As `ask`, when nobody waits for the end; what goes wrong is thrown as nobody's. */
  tell<N extends keyof There & string>(name: N, args: Args<There[N]>): void {
    this.ask(name, args).catch((error: unknown) => {
      if (!this.#isCut) throw error;
    });
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  /** The other side is gone: nobody waits for it any longer. */
  cut(): void {
    this.#isCut = true;
    for (const { reject } of this.#waiting.values()) reject(new Error('the other side is gone'));
    this.#waiting.clear();
  }

  async #hear(message: Message, serves: Served): Promise<void> {
    if (message.kind === 'ask') {
      const answer = await this.#answer(message, serves);
      if (!this.#isCut) this.#port.send(answer);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (message.kind === 'answer') waiting?.resolve(message.value as never);
    else waiting?.reject(new Error(message.message));
  }

  async #answer({ id, name, args }: Message & { kind: 'ask' }, serves: Served): Promise<Message> {
    try {
      return { kind: 'answer', id, value: await serves[name]?.(args as never) };
    } catch (error) {
      return { kind: 'refusal', id, message: error instanceof Error ? error.message : String(error) };
    }
  }
}
