/** Values by key for a while, as many as fit: those not asked for longest go first. */
export interface Memory<T> {
  get(key: string, now: number): T | undefined;
  /** Keeps a value until then; both times in milliseconds. */
  put(key: string, value: T, until: number): void;
  readonly size: number;
}

/**
 * Holds at most so many entries, two at least, in two generations: the older one is dropped as a whole when the younger
 * one is full, and what is asked for moves to the younger. One map in order of use would do the same, but to find its
 * first entry it walks over all that were taken out before.
 */
export function openMemory<T>(entries: number): Memory<T> {
  type Generation = Map<string, { readonly value: T; readonly until: number }>;
  const most = Math.max(1, Math.floor(entries / 2));
  let younger: Generation = new Map();
  let older: Generation = new Map();
  const keep = (key: string, entry: { readonly value: T; readonly until: number }): void => {
    if (younger.size >= most && !younger.has(key)) {
      older = younger;
      younger = new Map();
    }
    older.delete(key);
    younger.set(key, entry);
  };
  return {
    get(key, now) {
      let found = younger.get(key);
      if (found === undefined) {
        found = older.get(key);
        if (found !== undefined && found.until > now) keep(key, found);
      }
      return found !== undefined && found.until > now ? found.value : undefined;
    },
    put(key, value, until) {
      keep(key, { value, until });
    },
    get size() {
      return younger.size + older.size;
    },
  };
}
