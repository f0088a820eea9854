import { onScopeDispose, ref, type Ref } from 'vue';

/** What the page hears of things that are dropped on it or pasted into it. */
export interface FileDropOptions {
  onFiles(files: File[]): void;
  /** Text pasted while no field has the focus. */
  onText(text: string): void;
}

/**
 * Files dropped anywhere on the page, and what is pasted outside of fields. Answers whether files are held over the page.
 * A drop never makes the browser leave the page (hardening E5). Ends with the scope.
 */
export function useFileDrop({ onFiles, onText }: FileDropOptions): Ref<boolean> {
  const isOver = ref(false);
  /** Enters less leaves: each element under the pointer reports both. */
  let depth = 0;

  function enter(event: DragEvent): void {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    depth++;
    isOver.value = true;
  }
  function over(event: DragEvent): void {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
  }
  function leave(event: DragEvent): void {
    if (!carriesFiles(event.dataTransfer)) return;
    depth = Math.max(0, depth - 1);
    isOver.value = depth > 0;
  }
  function drop(event: DragEvent): void {
    depth = 0;
    isOver.value = false;
    if (isTypedInto(event.target) && !carriesFiles(event.dataTransfer)) return;
    // Also what is not a file: a dropped address would be gone to.
    event.preventDefault();
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) onFiles(files);
  }
  function paste(event: ClipboardEvent): void {
    if (isTypedInto(event.target) || document.querySelector('[role="dialog"][data-state="open"]')) return;
    const files = [...(event.clipboardData?.files ?? [])];
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (files.length === 0 && text.trim() === '') return;
    event.preventDefault();
    if (files.length > 0) onFiles(files);
    else onText(text);
  }

  const listeners: [string, (event: never) => void][] = [
    ['dragenter', enter],
    ['dragover', over],
    ['dragleave', leave],
    ['drop', drop],
    ['paste', paste],
  ];
  for (const [name, listener] of listeners) window.addEventListener(name, listener as EventListener);
  onScopeDispose(() => {
    for (const [name, listener] of listeners) window.removeEventListener(name, listener as EventListener);
  });
  return isOver;
}

function carriesFiles(data: DataTransfer | null): boolean {
  return data !== null && [...data.types].includes('Files');
}

function isTypedInto(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input, textarea, select');
}
