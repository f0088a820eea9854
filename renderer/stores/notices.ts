import { defineStore } from 'pinia';
import { computed, onScopeDispose, shallowRef, watch } from 'vue';
import type { Notice } from '../../preload/contract-settings.ts';
import { usePageVisible } from '../composables/use-page-visible.ts';
import { useLink } from './link-key.ts';
import { useNavigation } from './navigation.ts';
import { useWizard } from './wizard.ts';
import { useWorkbench } from './workbench.ts';

/** Most that are shown at one time. */
const MAX_SHOWN = 3;

/** Notices of the workbench: the last that was raised, and those that are shown until someone has seen them. */
export const useNotices = defineStore('notices', () => {
  const link = useLink();
  const workbench = useWorkbench();
  const navigation = useNavigation();
  const wizard = useWizard();
  const isVisible = usePageVisible();
  const last = shallowRef<Notice | null>(null);
  /** Newest first. */
  const shown = shallowRef<readonly Notice[]>([]);

  /** Headroom says it already, and more. */
  const isVerdictInView = computed(
    () =>
      isVisible.value &&
      navigation.screen === 'headroom' &&
      workbench.moment === null &&
      workbench.imported === null,
  );

  /** Who is at its wizard knows. */
  function isAtItsWizard({ poolKey }: Notice): boolean {
    if (!isVisible.value || navigation.screen !== 'fix' || wizard.view !== 'wizard') return false;
    return poolKey !== null && wizard.wizard?.poolKey === poolKey;
  }
  function take(notice: Notice): void {
    last.value = notice;
    if (notice.kind !== 'test' && isVerdictInView.value) return;
    if (notice.kind === 'worse' && isAtItsWizard(notice)) return;
    shown.value = [notice, ...shown.value.filter((earlier) => !replaces(notice, earlier))].slice(
      0,
      MAX_SHOWN,
    );
  }
  function dismiss(id: number): void {
    shown.value = shown.value.filter((notice) => notice.id !== id);
  }

  onScopeDispose(link.on('notice.raised', take));
  watch(isVerdictInView, (isInView) => {
    if (isInView) shown.value = shown.value.filter(({ kind }) => kind === 'test');
  });

  return { last, shown, dismiss };
});

/** What is over is not shown as if it went on, nor is one pool or one test shown twice. */
function replaces(notice: Notice, earlier: Notice): boolean {
  if (notice.kind === 'test' || earlier.kind === 'test') return notice.kind === earlier.kind;
  return notice.kind === 'over' || earlier.kind === 'over' || notice.poolKey === earlier.poolKey;
}
