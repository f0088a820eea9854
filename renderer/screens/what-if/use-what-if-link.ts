import { onScopeDispose, watch } from 'vue';
import { useNavigation } from '../../stores/navigation.ts';
import { useWhatIf } from '../../stores/what-if.ts';
import { parseLink, printLink } from './input-link.ts';

/** The address is written once the hand rests: browsers refuse more than some hundred changes in half a minute. */
const REST_MS = 400;

/** Follows the address: "#what-if?…" opens What-if with its values, and what is asked there is written back. */
export function useWhatIfLink(): void {
  const navigation = useNavigation();
  const whatIf = useWhatIf();
  let timer: ReturnType<typeof setTimeout> | null = null;

  function readAddress(): void {
    const read = parseLink(window.location.hash);
    if (!read) return;
    navigation.go('what-if');
    whatIf.restore(read.patch, read.ignored);
  }
  function writeAddress(): void {
    timer = null;
    const isShown = navigation.screen === 'what-if';
    if (isShown && whatIf.input && whatIf.catalogue)
      replaceHash(printLink(whatIf.input, whatIf.catalogue.defaults, whatIf.result));
    else if (!isShown && parseLink(window.location.hash)) replaceHash('');
  }

  readAddress();
  window.addEventListener('hashchange', readAddress);
  watch([() => navigation.screen, () => whatIf.input], () => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(writeAddress, REST_MS);
  });
  onScopeDispose(() => {
    window.removeEventListener('hashchange', readAddress);
    if (timer !== null) clearTimeout(timer);
  });
}

function replaceHash(hash: string): void {
  const { pathname, search } = window.location;
  window.history.replaceState(null, '', `${pathname}${search}${hash}`);
}
