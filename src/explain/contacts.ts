import { groupDigits, type Progress, silentProgress } from '../kernel/index.ts';
import type { Explainer, FeatureMatrix } from '../learner/index.ts';
import type { FeatureEncoding } from '../model/index.ts';
import type { Pack } from '../pack/index.ts';
import { checkAdditivity } from './additivity.ts';
import { type Reason, reasonMaker } from './reasons.ts';

/** Opens an explainer for a model text; the caller disposes it. */
export type OpenExplainer = (modelText: string) => Promise<Explainer>;

/** Rows that are contacted because of one horizon. */
export interface ContactedRows {
  readonly days: number;
  readonly modelText: string;
  /** Indexes into the matrix. */
  readonly rows: Uint32Array;
  /** Of all rows of the matrix, by this model. */
  readonly rawScores: Float64Array;
}

export interface ContactParts {
  readonly pack: Pick<Pack, 'features' | 'playbook'>;
  readonly encoding: FeatureEncoding;
  readonly features: FeatureMatrix;
  /** A column a feature: what may be told of the rows; the model's own columns where absent. */
  readonly told?: readonly Float64Array[];
  readonly contacted: readonly ContactedRows[];
  readonly openExplainer: OpenExplainer;
  readonly progress?: Progress;
}

/** Rows a call of the explainer: contributions of all at once would need as much memory as the features. */
const BATCH_ROWS = 50_000;

/**
 * The reasons of every contacted row, from the model of the horizon it is contacted for; undefined for all
 * other rows. HF900 where the contributions of any row do not add up to its raw score.
 */
export async function explainContacts(parts: ContactParts): Promise<(readonly Reason[] | undefined)[]> {
  const { pack, encoding, features, told, openExplainer } = parts;
  const contacted = parts.contacted.filter(({ rows }) => rows.length > 0);
  const total = contacted.reduce((sum, { rows }) => sum + rows.length, 0);
  const task = (parts.progress ?? silentProgress).start('explain', { total, unit: 'rows' });
  const reasonsOf = reasonMaker(pack, encoding);
  const reasons = new Array<readonly Reason[] | undefined>(features.rows).fill(undefined);
  const values = new Float64Array(features.columns);
  let done = 0;
  for (const { days, modelText, rows, rawScores } of contacted) {
    await using explainer = await openExplainer(modelText);
    for (let start = 0; start < rows.length; start += BATCH_ROWS) {
      const batch = rows.subarray(start, start + BATCH_ROWS);
      const contributions = await explainer.contributions(features, batch);
      const { columns } = contributions;
      batch.forEach((row, place) => {
        const own = contributions.values.subarray(place * columns, (place + 1) * columns);
        checkAdditivity(
          own,
          rawScores[row] as number,
          `row ${String(row)} at ${String(days)} days`,
          explainer.precision,
        );
        if (told === undefined) readRow(features, row, values);
        else told.forEach((column, index) => (values[index] = column[row] as number));
        reasons[row] = reasonsOf(own, values);
      });
      done += batch.length;
      task.update(done);
    }
  }
  task.done(`${groupDigits(done)} rows`);
  return reasons;
}

/** Copies a row of a column-major matrix. */
export function readRow({ rows, columns, data }: FeatureMatrix, row: number, into: Float64Array): void {
  for (let column = 0; column < columns; column++) into[column] = data[column * rows + row] as number;
}
