/** Metrics of parts of a split: where a model that is good on the whole is not. */
import type { BootstrapOptions } from '../domain/index.ts';
import type { SplitMetrics } from '../model/index.ts';
import { type EvaluatedRows, evaluateSplit, takePositions } from './evaluate.ts';

/** One value of a segment and how the model does on its rows. */
export interface PartEvaluation {
  readonly value: string;
  readonly rows: number;
  readonly positives: number;
  readonly metrics: SplitMetrics;
}

/** Parts with fewer rows or positives are named without metrics: they would say more of chance than of the model. */
export interface LeastPart {
  readonly rows: number;
  readonly positives: number;
}

/** Evaluates the rows of each value, in the order in which `valuesInOrder` names them. */
export function evaluateParts(
  rows: EvaluatedRows,
  valueOf: (position: number) => string,
  parts: { readonly least: LeastPart; readonly options?: BootstrapOptions },
): PartEvaluation[] {
  const positions = new Map<string, number[]>();
  for (let position = 0; position < rows.labels.length; position += 1) {
    const value = valueOf(position);
    const known = positions.get(value);
    if (known === undefined) positions.set(value, [position]);
    else known.push(position);
  }
  return [...positions.entries()]
    .sort(([a], [b]) => collator.compare(a, b))
    .map(([value, members]) => {
      const part = takePositions(rows, members);
      let positives = 0;
      for (const label of part.labels) positives += label;
      const { least } = parts;
      const metrics =
        members.length < least.rows || positives < least.positives
          ? { reason: `fewer than ${String(least.rows)} rows or ${String(least.positives)} positives` }
          : evaluateSplit(part, parts.options);
      return { value, rows: members.length, positives, metrics };
    });
}

const collator = new Intl.Collator('en', { numeric: true });
