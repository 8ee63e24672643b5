/** Metrics of parts of a split: where a model that is good on the whole is not. */
import type { BootstrapOptions } from '../domain/index.ts';
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
  { least, options, mostValues }: PartRequest,
): PartEvaluation[] {
  return partsOf(rows.labels, valueOf, { least, ...(mostValues === undefined ? {} : { mostValues }) }).map(
    ({ positions, reason, ...part }) => ({
      ...part,
      rows: positions.length,
      metrics: reason === undefined ? evaluateSplit(takePositions(rows, positions), options) : { reason },
    }),
  );
}

/** The rows with one value. */
export interface Part {
  readonly value: string;
  /** Only of the part that the rarest values share: how many these are. */
  readonly values?: number;
  /** Ascending. */
  readonly positions: readonly number[];
  readonly positives: number;
  /** Why nothing is to be measured on them. */
  readonly reason?: string;
}

/** The rows of each value, in the order of the values; what the rarest of too many values share comes last. */
export function partsOf(
  labels: EvaluatedRows['labels'],
  valueOf: (position: number) => string,
  { least, mostValues = Infinity }: Omit<PartRequest, 'options'>,
): Part[] {
  const positions = new Map<string, number[]>();
  for (let position = 0; position < labels.length; position += 1) {
    const value = valueOf(position);
    const known = positions.get(value);
    if (known === undefined) positions.set(value, [position]);
    else known.push(position);
  }
  const part = (value: string, members: readonly number[]): Part => {
    const positives = members.reduce((sum, position) => sum + (labels[position] as number), 0);
    const isSmall = members.length < least.rows || positives < least.positives;
    const reason = `fewer than ${String(least.rows)} rows or ${String(least.positives)} positives`;
    return { value, positions: members, positives, ...(isSmall ? { reason } : {}) };
  };
  const byRows = [...positions.entries()].sort(
    ([a, one], [b, other]) => other.length - one.length || collator.compare(a, b),
  );
  const own = byRows.slice(0, mostValues).sort(([a], [b]) => collator.compare(a, b));
  const rest = byRows.slice(mostValues);
  const shared = rest.flatMap(([, members]) => members).sort((a, b) => a - b);
  return [
    ...own.map(([value, members]) => part(value, members)),
    ...(rest.length === 0
      ? []
      : [{ ...part(`other (${groupDigits(rest.length)} values)`, shared), values: rest.length }]),
  ];
}

/** Values of a segment that are measured each by itself; beyond them the rows are too few to tell, and nobody reads on. */
export const SEGMENT_VALUES = 20;

/** Resamples of a segment or a month: intervals of parts need fewer digits than those of the whole. */
export const PART_RESAMPLES = 200;

const collator = new Intl.Collator('en', { numeric: true });
