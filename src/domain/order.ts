/** Row order by a column without one object a row: a radix sort of indexes on the doubles' bits. */
import { assertNumbers } from './columns.ts';

/** Position of a double's low 32 bits in its pair of words on this machine. */
const LOW_WORD = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1;
/** The six digits of a 64-bit key, least significant first: which word, how far to shift, which bits. */
const DIGITS = [
  { high: false, shift: 0, mask: 0x7ff },
  { high: false, shift: 11, mask: 0x7ff },
  { high: false, shift: 22, mask: 0x3ff },
  { high: true, shift: 0, mask: 0x7ff },
  { high: true, shift: 11, mask: 0x7ff },
  { high: true, shift: 22, mask: 0x3ff },
] as const;

/** Rows under way: their keys' words move with them, so that every pass reads in sequence. */
interface Rows {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  readonly index: Uint32Array;
}

/**
 * Row indexes from the highest value to the lowest; equal values (0 and -0 too) keep their row
 * order. Linear in the rows. NaN is refused (HF207).
 */
export function descendingOrder(values: Float64Array): Uint32Array {
  assertNumbers(values, 'score');
  const rows = values.length;
  let current = descendingKeys(values);
  let spare: Rows = {
    high: new Uint32Array(rows),
    low: new Uint32Array(rows),
    index: new Uint32Array(rows),
  };
  for (const { high, shift, mask } of DIGITS) {
    const starts = bucketStarts(high ? current.high : current.low, shift, mask);
    if (starts === undefined) continue;
    scatter(current, spare, high ? current.high : current.low, shift, mask, starts);
    [current, spare] = [spare, current];
  }
  return current.index;
}

/** Splits doubles into unsigned words whose ascending order is the doubles' descending order. */
function descendingKeys(values: Float64Array): Rows {
  const copy = new Float64Array(values.length);
  // Adding 0 turns -0 into 0, so that both have the same bits.
  for (let row = 0; row < copy.length; row += 1) copy[row] = (values[row] as number) + 0;
  const words = new Uint32Array(copy.buffer);
  const high = new Uint32Array(values.length);
  const low = new Uint32Array(values.length);
  const index = new Uint32Array(values.length);
  for (let row = 0; row < copy.length; row += 1) {
    const highWord = words[2 * row + 1 - LOW_WORD] as number;
    const lowWord = words[2 * row + LOW_WORD] as number;
    // Bits of a negative double grow as it falls, those of a positive one as it rises.
    const negative = highWord >>> 31 === 1;
    high[row] = negative ? highWord : highWord ^ 0x7fffffff;
    low[row] = negative ? lowWord : ~lowWord;
    index[row] = row;
  }
  return { high, low, index };
}

/** Where each bucket of a digit starts, or undefined where one bucket holds all rows. */
function bucketStarts(words: Uint32Array, shift: number, mask: number): Uint32Array | undefined {
  const starts = new Uint32Array(mask + 1);
  for (const word of words) {
    const bucket = (word >>> shift) & mask;
    starts[bucket] = (starts[bucket] as number) + 1;
  }
  if (words.length === 0 || starts.includes(words.length)) return undefined;
  let start = 0;
  for (let bucket = 0; bucket < starts.length; bucket += 1) {
    const size = starts[bucket] as number;
    starts[bucket] = start;
    start += size;
  }
  return starts;
}

/** Moves rows from `source` to `target`, stable within each bucket of `words`; uses `starts` up. */
function scatter(
  source: Rows,
  target: Rows,
  words: Uint32Array,
  shift: number,
  mask: number,
  starts: Uint32Array,
): void {
  for (let place = 0; place < words.length; place += 1) {
    const bucket = ((words[place] as number) >>> shift) & mask;
    const start = starts[bucket] as number;
    target.high[start] = source.high[place] as number;
    target.low[start] = source.low[place] as number;
    target.index[start] = source.index[place] as number;
    starts[bucket] = start + 1;
  }
}
