/** Metrics of parts of a split: where a model that is good on the whole is not. */
import { type BootstrapOptions, countPositives } from '../domain/index.ts';
import { groupDigits } from '../kernel/index.ts';
import type { SplitMetrics } from '../model/index.ts';
import { type EvaluatedRows, evaluateSplit, takePositions } from './evaluate.ts';

/** One value of a segment and how the model does on its rows. */
export interface PartEvaluation {
  readonly value: string;
  /** Only of the part that the rarest values share: how many these are. */
  readonly values?: number;
  readonly rows: number;
  readonly positives: number;
  readonly metrics: SplitMetrics;
}

/** Parts with fewer rows or positives are named without metrics: they would say more of chance than of the model. */
export interface LeastPart {
  readonly rows: number;
  readonly positives: number;
}

export interface PartRequest {
  readonly least: LeastPart;
  readonly options?: BootstrapOptions;
  /** With more values, so many with the most rows are measured each by itself, and the rest as one part, the last. */
  readonly mostValues?: number;
}

/** Evaluates the rows of each value, in the order of the values. */
export function evaluateParts(
  rows: EvaluatedRows,
  valueOf: (position: number) => string,
  { least, options, mostValues = Infinity }: PartRequest,
): PartEvaluation[] {
  const positions = new Map<string, number[]>();
  for (let position = 0; position < rows.labels.length; position += 1) {
    const value = valueOf(position);
    const known = positions.get(value);
    if (known === undefined) positions.set(value, [position]);
    else known.push(position);
  }
  const evaluate = (value: string, members: readonly number[]): PartEvaluation => {
    const part = takePositions(rows, members);
    const positives = countPositives(part.labels);
    const metrics =
      members.length < least.rows || positives < least.positives
        ? { reason: `fewer than ${String(least.rows)} rows or ${String(least.positives)} positives` }
        : evaluateSplit(part, options);
    return { value, rows: members.length, positives, metrics };
  };
  const byRows = [...positions.entries()].sort(
    ([a, one], [b, other]) => other.length - one.length || collator.compare(a, b),
  );
  const own = byRows.slice(0, mostValues).sort(([a], [b]) => collator.compare(a, b));
  const rest = byRows.slice(mostValues);
  const shared = rest.flatMap(([, members]) => members).sort((a, b) => a - b);
  return [
    ...own.map(([value, members]) => evaluate(value, members)),
    ...(rest.length === 0
      ? []
      : [{ ...evaluate(`other (${groupDigits(rest.length)} values)`, shared), values: rest.length }]),
  ];
}

const collator = new Intl.Collator('en', { numeric: true });
