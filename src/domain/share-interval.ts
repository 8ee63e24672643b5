/** Intervals of a share of rows: where rows are independent, and where several are of one entity. */
import { assertSameLength } from './columns.ts';
import { assertResampling, drawCopies, type Interval, type Resampling, tailsOf } from './resamples.ts';

/** The 97.5 % quantile of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * The 95 % interval of the share of positives among independent rows (Wilson 1927), which unlike the one
 * around the estimate stays inside 0 to 1 and holds for few rows; null without rows.
 */
export function wilsonInterval(positives: number, rows: number): Interval | null {
  if (rows === 0) return null;
  const rate = positives / rows;
  const middle = (rate + (Z * Z) / (2 * rows)) / (1 + (Z * Z) / rows);
  const half =
    (Z / (1 + (Z * Z) / rows)) * Math.sqrt((rate * (1 - rate)) / rows + (Z * Z) / (4 * rows * rows));
  return { lower: Math.max(0, middle - half), upper: Math.min(1, middle + half) };
}

/**
 * The percentile interval of sum(`parts`) / sum(`wholes`), one value an entity, by a bootstrap over
 * entities: rows of one entity are alike. Null for fewer than two entities, and where nothing is in the
 * wholes. Throws HF103 for options without meaning.
 */
export function ratioInterval(
  parts: Float64Array,
  wholes: Float64Array,
  options: Resampling = {},
): Interval | null {
  const { resamples, seed, level } = assertResampling(options);
  assertSameLength({ parts, wholes });
  if (parts.length < 2) return null;
  const drawn = Float64Array.from({ length: resamples }, (_, resample) => {
    const copies = drawCopies(parts.length, seed, resample);
    let [part, whole] = [0, 0];
    for (let entity = 0; entity < parts.length; entity += 1) {
      part += (parts[entity] as number) * (copies[entity] as number);
      whole += (wholes[entity] as number) * (copies[entity] as number);
    }
    return whole === 0 ? NaN : part / whole;
  });
  const tails = tailsOf(drawn, level);
  return 'reason' in tails ? null : { lower: tails.low, upper: tails.high };
}
