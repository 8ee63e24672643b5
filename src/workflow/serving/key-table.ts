/** Keys and their places in shared memory: made in one thread, asked in another, without an object a key. */

/** Plain data over shared memory: it can be sent to another thread. */
export interface KeyTable {
  /** UTF-16 units of all keys, one key after the other. */
  readonly units: Uint16Array;
  /** Where the key of each place begins, and where the last one ends. */
  readonly starts: Uint32Array;
  /** Place + 1 by hash, open addressing, 0 where there is none; a power of two, at most half of it taken. */
  readonly slots: Uint32Array;
}

const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);

/** The table of keys by their places. A key that is there twice is found at its last place. */
export function keyTable(keys: readonly string[]): KeyTable {
  const length = keys.reduce((sum, key) => sum + key.length, 0);
  const units = new Uint16Array(shared(length * Uint16Array.BYTES_PER_ELEMENT));
  const starts = new Uint32Array(shared((keys.length + 1) * Uint32Array.BYTES_PER_ELEMENT));
  const size = 2 ** Math.ceil(Math.log2(Math.max(2, 2 * keys.length)));
  const slots = new Uint32Array(shared(size * Uint32Array.BYTES_PER_ELEMENT));
  const table = { units, starts, slots };
  let at = 0;
  keys.forEach((key, place) => {
    starts[place] = at;
    for (let index = 0; index < key.length; index += 1) units[at + index] = key.charCodeAt(index);
    at += key.length;
    starts[place + 1] = at;
    slots[slotOf(table, key)] = place + 1;
  });
  return table;
}

/** The place of a key, undefined where there is none. Equal is what has the same units: nothing is normalised. */
export function placeOf(table: KeyTable, key: string): number | undefined {
  const found = table.slots[slotOf(table, key)] as number;
  return found === 0 ? undefined : found - 1;
}

/** The slot that holds a key, or the empty one where it would be. */
function slotOf(table: KeyTable, key: string): number {
  const { slots } = table;
  const last = slots.length - 1;
  let slot = hashOfUnits(key) & last;
  for (;;) {
    const taken = slots[slot] as number;
    if (taken === 0 || isAt(table, taken - 1, key)) return slot;
    slot = (slot + 1) & last;
  }
}

function isAt({ units, starts }: KeyTable, place: number, key: string): boolean {
  const start = starts[place] as number;
  if ((starts[place + 1] as number) - start !== key.length) return false;
  for (let index = 0; index < key.length; index += 1)
    if (units[start + index] !== key.charCodeAt(index)) return false;
  return true;
}

/** FNV-1a over the units, with the mixing at the end of MurmurHash3, since the low bits choose the slot. */
function hashOfUnits(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1)
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
