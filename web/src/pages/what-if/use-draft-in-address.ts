import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { type Draft, draftKey } from './what-if-address.ts';

/**
 * From a key to the address: less than to the question, so that an answer that ends the session finds it there; and not
 * at once, since browsers refuse an address that changes with each step of a key held down.
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
  const writeLater = useDebouncedCallback((changes: Draft) => {
    agreed.current = draftKey(changes);
    write(changes);
  }, ADDRESS_DELAY_MS);
  useEffect(() => {
    if (addressKey === agreed.current) return;
    agreed.current = addressKey;
    writeLater.cancel();
    setDraft(inAddress);
    // By what they say: an address is read anew each time.
  }, [addressKey]);
  useEffect(() => {
    if (hereKey === agreed.current) writeLater.cancel();
    else writeLater(here);
  }, [hereKey]);
}
