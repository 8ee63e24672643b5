/** Random numbers that are the same on every run, for histories made by tests. */
import { sha256 } from '../../src/kernel/index.ts';

export interface Random {
  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number;
  /** True in the given share of calls. */
  chance(share: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
}

/** The n-th number is the beginning of the hash of seed and n: slow, plain and even. */
export function seededRandom(seed: number): Random {
  let drawn = 0;
  const next = (): number => {
    drawn += 1;
    return Number.parseInt(sha256(`${seed}:${drawn}`).slice(0, 12), 16) / 2 ** 48;
  };
  return {
    whole: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (share) => next() < share,
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
  };
}
