/** What a person has been told, remembered as long as the tab: it is not said again after a reload. */
import { ref, type Ref } from 'vue';

/** Ids that were told, under a key of their own; `tell` adds one. */
export function toldOnce(storageKey: string): { told: Ref<readonly string[]>; tell(id: string): void } {
  const told = ref<readonly string[]>(read(storageKey));
  const tell = (id: string) => {
    if (told.value.includes(id)) return;
    told.value = [...told.value, id];
    try {
      sessionStorage.setItem(storageKey, JSON.stringify(told.value));
    } catch {
      // Storage can be forbidden; it is then remembered as long as the page.
    }
  };
  return { told, tell };
}

function read(storageKey: string): string[] {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string') : [];
  } catch {
    // Forbidden or not ours: what was told is told once more.
    return [];
  }
}
