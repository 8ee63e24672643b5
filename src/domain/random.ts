/** Seeded random numbers, the same on every machine. Nothing secret may depend on them. */

/** Spreads a 32-bit number over all its bits (the mixing step of splitmix32). */
function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0_aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a_2d97);
  return mixed ^ (mixed >>> 15);
}

/** A hash of a seed and a number, from 0 to 2^32 - 1. */
export function hashOfNumbers(seed: number, value: number): number {
  return mix(mix(seed + 0x9e37_79b9) ^ mix(value + 0x85eb_ca6b)) >>> 0;
}

/**
 * Uniform whole numbers from 0 to 2^32 - 1 (xoshiro128**, Blackman and Vigna 2018). Each pair of seed
 * and stream has a sequence of its own, so that the work can be divided without changing results.
 */
export function randomNumbers(seed: number, stream: number): () => number {
  let [a, b, c, d] = [1, 2, 3, 4].map((part) => hashOfNumbers(hashOfNumbers(seed, stream), part)) as [
    number,
    number,
    number,
    number,
  ];
  return () => {
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
}

/** Numbers from 0 up to 1, 1 never, from the sequence of `randomNumbers`. */
export function uniformNumbers(seed: number, stream = 0): () => number {
  const random = randomNumbers(seed, stream);
  return () => random() / 2 ** 32;
}
