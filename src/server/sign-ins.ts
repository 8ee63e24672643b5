/** Failed sign-ins by address: who tries too often is turned away before anything is looked at. */
import { type Clock, HoldfastError } from '../kernel/index.ts';

export interface SignIns {
  /** HF618 where too many of this address have failed. */
  admit(address: string): void;
  failed(address: string): void;
}

const FAILURES_AT_MOST = 10;
const WINDOW_MS = 60_000;
/** Those that began first are forgotten when there are more. */
const ADDRESSES_AT_MOST = 10_000;

export function openSignIns(clock: Clock): SignIns {
  const failures = new Map<string, { readonly since: number; count: number }>();
  const currentOf = (address: string): { readonly since: number; count: number } | undefined => {
    const found = failures.get(address);
    if (found !== undefined && clock.now().getTime() - found.since < WINDOW_MS) return found;
    failures.delete(address);
    return undefined;
  };
  return {
    admit(address) {
      if ((currentOf(address)?.count ?? 0) < FAILURES_AT_MOST) return;
      throw new HoldfastError('HF618', {
        message: `more than ${String(FAILURES_AT_MOST)} sign-ins of this address failed within a minute`,
        hint: 'wait a minute, then sign in with a valid key',
      });
    },
    failed(address) {
      const found = currentOf(address);
      if (found !== undefined) {
        found.count += 1;
        return;
      }
      const [first] = failures.keys();
      if (failures.size >= ADDRESSES_AT_MOST && first !== undefined) failures.delete(first);
      failures.set(address, { since: clock.now().getTime(), count: 1 });
    },
  };
}
