import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';

/**
 * Says where one has arrived: the title of the document, and after a navigation the focus on the main heading, as soon
 * as the page has one. A page that puts the focus somewhere itself keeps it there.
 */
export function useArrival(label: string | undefined): void {
  const router = useRouter();
  useEffect(() => {
    document.title = label === undefined ? 'Holdfast' : `${label} · Holdfast`;
  }, [label]);
  useEffect(() => {
    let watcher: MutationObserver | undefined;
    const unsubscribe = router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
      watcher?.disconnect();
      if (fromLocation === undefined || !pathChanged || focusHeading()) return;
      watcher = new MutationObserver(() => {
        if (focusHeading()) watcher?.disconnect();
      });
      watcher.observe(document.body, { childList: true, subtree: true });
    });
    return () => {
      unsubscribe();
      watcher?.disconnect();
    };
  }, [router]);
}

/** False while there is no heading yet. */
function focusHeading(): boolean {
  const main = document.getElementById('main');
  if (main?.contains(document.activeElement) === true) return true;
  const heading = main?.querySelector('h1');
  if (heading === null || heading === undefined) return false;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  return true;
}
