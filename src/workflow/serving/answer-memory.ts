/** Values by key for a while, as many as fit: the one not asked for longest goes first. */
export interface Memory<T> {
  get(key: string, now: number): T | undefined;
  /** Keeps a value until then; both times in milliseconds. */
  put(key: string, value: T, until: number): void;
  readonly size: number;
}

export function openMemory<T>(entries: number): Memory<T> {
  // A map keeps the order in which keys were set: the first one is the one not asked for longest.
  const kept = new Map<string, { readonly value: T; readonly until: number }>();
  return {
    get(key, now) {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      kept.delete(key);
      if (found.until <= now) return undefined;
      kept.set(key, found);
      return found.value;
    },
    put(key, value, until) {
      kept.delete(key);
      kept.set(key, { value, until });
      if (kept.size <= entries) return;
      const [oldest] = kept.keys();
      if (oldest !== undefined) kept.delete(oldest);
    },
    get size() {
      return kept.size;
    },
  };
}
