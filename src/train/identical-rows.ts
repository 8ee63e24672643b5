import { createHash } from 'node:crypto';
import type { FeatureMatrix } from '../learner/index.ts';

/** A number for each row, equal where rows are equal in every column (missing equals missing). */
export function identicalRows({ rows, columns, data }: FeatureMatrix): Uint32Array {
  const groups = new Uint32Array(rows);
  const known = new Map<string, number>();
  const values = new Float64Array(columns);
  const bytes = Buffer.from(values.buffer);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) values[column] = data[column * rows + row] as number;
    const content = createHash('md5').update(bytes).digest('base64');
    const group = known.get(content) ?? known.size;
    known.set(content, group);
    groups[row] = group;
  }
  return groups;
}
