/** Vitest setup of component tests: files share a worker, and each begins with a page of its own. */
import { disableAutoUnmount } from '@vue/test-utils';

// The file before may have asked for it; this one may ask again.
disableAutoUnmount();
document.head.replaceChildren();
document.body.replaceChildren();
document.documentElement.removeAttribute('data-theme');
localStorage.clear();
sessionStorage.clear();
