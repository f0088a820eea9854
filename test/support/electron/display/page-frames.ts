/** The frames of a page and the contexts of its preload's world, as Chromium tells of them. */
import type { CDPSession, Frame } from 'playwright-core';
import type { FrameState } from '../wire.ts';
import type { AppUrls } from './app-urls.ts';
import { PRELOAD_WORLD } from './world-scripts.ts';

interface Context {
  frameId: string;
  isPreloads: boolean;
}

export class PageFrames {
  readonly #session: CDPSession;
  readonly #urls: AppUrls;
  readonly #frames = new Map<string, FrameState>();
  readonly #contexts = new Map<number, Context>();
  #navigated: (frame: FrameState, isInPage: boolean) => void = () => {};
  #gone: (frameId: string) => void = () => {};

  constructor(session: CDPSession, urls: AppUrls) {
    this.#session = session;
    this.#urls = urls;
  }

  /** To be called before the domains are enabled: they tell what is there already. */
  watch(): void {
    const session = this.#session;
    session.on('Runtime.executionContextCreated', ({ context }) => {
      const frameId = String(context.auxData?.frameId ?? '');
      this.#contexts.set(context.id, { frameId, isPreloads: context.name === PRELOAD_WORLD });
    });
    session.on(
      'Runtime.executionContextDestroyed',
      ({ executionContextId }) => void this.#contexts.delete(executionContextId),
    );
    session.on('Runtime.executionContextsCleared', () => this.#contexts.clear());
    session.on('Page.frameNavigated', ({ frame }) =>
      this.#move(
        { id: frame.id, url: frame.url + (frame.urlFragment ?? ''), parentId: frame.parentId ?? null },
        false,
      ),
    );
    session.on('Page.navigatedWithinDocument', ({ frameId, url }) =>
      this.#move({ id: frameId, url, parentId: this.#frames.get(frameId)?.parentId ?? null }, true),
    );
    session.on('Page.frameAttached', ({ frameId, parentFrameId }) =>
      this.#frames.set(frameId, { id: frameId, url: '', parentId: parentFrameId }),
    );
    session.on('Page.frameDetached', ({ frameId, reason }) => {
      if (reason !== 'remove') return;
      this.#frames.delete(frameId);
      this.#gone(frameId);
    });
  }

  onNavigated(listener: (frame: FrameState, isInPage: boolean) => void): void {
    this.#navigated = listener;
  }

  onGone(listener: (frameId: string) => void): void {
    this.#gone = listener;
  }

  ofContext(contextId: number): FrameState | null {
    const context = this.#contexts.get(contextId);
    return (context && this.#frames.get(context.frameId)) ?? null;
  }

  /** The context of the preload in that frame; null for the top one. */
  preloadContext(frameId: string | null): number | null {
    for (const [id, context] of this.#contexts) {
      const frame = this.#frames.get(context.frameId);
      if (context.isPreloads && frame && (frameId === null ? frame.parentId === null : frame.id === frameId))
        return id;
    }
    return null;
  }

  ofPlaywright(frame: Frame): FrameState {
    const isTop = frame.parentFrame() === null;
    const top = [...this.#frames.values()].find(({ parentId }) => parentId === null);
    if (isTop && top) return top;
    return {
      id: `navigating ${frame.name()}`,
      url: this.#urls.inner(frame.url()),
      parentId: isTop ? null : (top?.id ?? 'top'),
    };
  }

  #move(state: FrameState, isInPage: boolean): void {
    const frame = { ...state, url: this.#urls.inner(state.url) };
    this.#frames.set(frame.id, frame);
    this.#navigated(frame, isInPage);
  }
}
