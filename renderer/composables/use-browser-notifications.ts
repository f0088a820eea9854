/**
 * Notifications of the browser: whether it shows any, in words, and one of them. Shown only while nobody looks at the
 * page, and by one page where several are open.
 */
import { computed, onScopeDispose, readonly, ref, type ComputedRef, type Ref } from 'vue';

/** "default": has not been asked. */
export type BrowserPermission = NotificationPermission | 'unsupported';

export interface ShownNotice {
  id: number;
  title: string;
  body: string;
  /** A test is shown to whoever looks at the page, too. */
  isTest: boolean;
}

export interface BrowserNotifications {
  permission: Readonly<Ref<BrowserPermission>>;
  /** What the permission means and what can be done about it, in a sentence. */
  words: ComputedRef<string>;
  /** Asks for it; browsers show their question only after a click. */
  request(): Promise<void>;
  /** Shows it where it is of use; tells whether this page did. */
  show(notice: ShownNotice, onClick: () => void): Promise<boolean>;
}

const WORDS: Record<BrowserPermission, string> = {
  granted: 'This browser shows them while the page is not in front.',
  denied: 'This browser was told to show none of this page; its site settings can allow them again.',
  default: 'This browser has not been asked yet.',
  unsupported: 'This browser shows none of this page.',
};
/** One for all of this workbench's: a newer one takes the place of the older. */
const TAG = 'fourtuple';
/** How long a page that is looked at has to say so before another one shows the notice. */
const GRACE_MS = 250;
/** How long a notice stays claimed; timers of hidden pages run up to a second late. */
const CLAIM_MS = 10_000;

/** Its listeners end with the scope. */
export function useBrowserNotifications(): BrowserNotifications {
  const permission = ref(readPermission());
  const update = () => (permission.value = readPermission());
  // It can be changed in the browser's own settings at any time.
  window.addEventListener('focus', update);
  onScopeDispose(() => window.removeEventListener('focus', update));

  async function request(): Promise<void> {
    if (permission.value !== 'unsupported') await Notification.requestPermission();
    update();
  }

  async function show(notice: ShownNotice, onClick: () => void): Promise<boolean> {
    const wasAttended = isAttended();
    if (!wasAttended) await new Promise((resolve) => setTimeout(resolve, GRACE_MS));
    if (!(await claim(`${TAG}.notice.${notice.id}`))) return false;
    update();
    if (permission.value !== 'granted' || (wasAttended && !notice.isTest)) return false;
    return raise(notice, onClick);
  }

  return { permission: readonly(permission), words: computed(() => WORDS[permission.value]), request, show };
}

function readPermission(): BrowserPermission {
  return 'Notification' in window && window.isSecureContext ? Notification.permission : 'unsupported';
}

function isAttended(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}

/** True for the first page that claims it; for each where the browser has no locks. */
function claim(name: string): Promise<boolean> {
  const { locks } = navigator as { locks?: LockManager };
  if (!locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const hold = async (lock: Lock | null) => {
      resolve(lock !== null);
      if (lock) await new Promise((end) => setTimeout(end, CLAIM_MS));
    };
    locks.request(name, { ifAvailable: true }, hold).catch(() => resolve(true));
  });
}

function raise({ title, body }: ShownNotice, onClick: () => void): boolean {
  // Heard again though it takes another's place; missing in the compiler's library.
  const options: NotificationOptions & { renotify: boolean } = { body, tag: TAG, renotify: true };
  try {
    const notification = new Notification(title, options);
    notification.onclick = () => {
      window.focus();
      notification.close();
      onClick();
    };
    return true;
  } catch {
    // Some browsers show them from service workers only.
    return false;
  }
}
