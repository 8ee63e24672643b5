import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { type Draft, draftKey } from './what-if-address.ts';

/**
 * The first change is in the address at once, so that an answer that ends the session finds it there; those that follow
 * it closely are written together, since browsers refuse an address that changes with each step of a key held down.
 */
const ADDRESS_DELAY_MS = 40;

/**
 * Keeps what is typed and what the address says the same: the address follows the texts, and where it changed by other
 * means (Back, a link) they follow it.
 *
 * @param inAddress changes as the address has them.
 * @param here changes as the form has them.
 */
export function useDraftInAddress(
  inAddress: Draft,
  here: Draft,
  setDraft: (draft: Draft) => void,
  write: (changes: Draft) => void,
): void {
  const addressKey = draftKey(inAddress);
  const hereKey = draftKey(here);
  /** What both said when they last were the same. */
  const agreed = useRef(addressKey);
  const changedAt = useRef(Number.NEGATIVE_INFINITY);
  const writeNow = (changes: Draft): void => {
    agreed.current = draftKey(changes);
    write(changes);
  };
  const writeLater = useDebouncedCallback(writeNow, ADDRESS_DELAY_MS);
  useEffect(() => {
    if (addressKey === agreed.current) return;
    agreed.current = addressKey;
    writeLater.cancel();
    setDraft(inAddress);
    // By what they say: an address is read anew each time.
  }, [addressKey]);
  useEffect(() => {
    const isClose = performance.now() - changedAt.current < ADDRESS_DELAY_MS;
    changedAt.current = performance.now();
    if (hereKey === agreed.current) writeLater.cancel();
    else if (isClose) writeLater(here);
    else writeNow(here);
  }, [hereKey]);
}
