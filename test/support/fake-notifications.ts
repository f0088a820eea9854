/** The browser's Notification, locks and focus of a page, as a test decides them. */
export class FakeNotifications {
  permission: NotificationPermission = 'granted';
  hasFocus = true;
  /** True: making one throws, as where only service workers may. */
  refuses = false;
  readonly shown: {
    title: string;
    options: NotificationOptions;
    onclick: (() => void) | null;
    isClosed: boolean;
    close(): void;
  }[] = [];
  /** What the next request answers. */
  answer: NotificationPermission = 'granted';
  readonly #held = new Set<string>();
  readonly #saved = new Map<string, [object, PropertyDescriptor | undefined]>();

  install(): void {
    const make = (title: string, options: NotificationOptions) => {
      if (this.refuses) throw new TypeError('Illegal constructor');
      const one = {
        title,
        options,
        onclick: null,
        isClosed: false,
        close: () => void (one.isClosed = true),
      };
      this.shown.push(one);
      return one;
    };
    // Only a plain function can be called with new.
    const made = function (title: string, options: NotificationOptions) {
      return make(title, options);
    };
    Object.defineProperty(made, 'permission', { get: () => this.permission });
    Object.defineProperty(made, 'requestPermission', {
      value: async () => (this.permission = this.answer),
    });
    const locks = {
      request: async (name: string, _: unknown, hold: (lock: object | null) => Promise<void>) => {
        if (this.#held.has(name)) return hold(null);
        this.#held.add(name);
        await hold({ name });
        this.#held.delete(name);
      },
    };
    this.#define(globalThis, 'Notification', made);
    this.#define(window, 'isSecureContext', true);
    this.#define(navigator, 'locks', locks);
    this.#define(document, 'hasFocus', () => this.hasFocus);
  }

  restore(): void {
    for (const [name, [owner, before]] of this.#saved) {
      if (before) Object.defineProperty(owner, name, before);
      else Reflect.deleteProperty(owner, name);
    }
    this.#saved.clear();
  }

  #define(owner: object, name: string, value: unknown): void {
    this.#saved.set(name, [owner, Object.getOwnPropertyDescriptor(owner, name)]);
    Object.defineProperty(owner, name, { configurable: true, writable: true, value });
  }
}
