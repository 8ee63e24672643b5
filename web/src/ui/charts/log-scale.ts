/** Heights of counts that differ by orders of magnitude. */

/**
 * Nothing has no height, one has the height 1, and each tenfold adds 1: unlike a bare logarithm it shows a single one,
 * and tells it from none.
 */
export const logHeight = (count: number): number => (count <= 0 ? 0 : 1 + Math.log10(count));

/** The count of a height. */
export const countAt = (height: number): number => (height <= 0 ? 0 : 10 ** (height - 1));

/** Heights of 0, 1, 10, 100 ... up to the first that holds `highest`. */
export function logTicks(highest: number): number[] {
  const top = Math.max(1, Math.ceil(logHeight(highest) - 1e-9));
  return Array.from({ length: top + 1 }, (_, height) => height);
}
