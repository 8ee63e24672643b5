/** The choice among candidates that were judged on the same folds. */
import { assertCount } from './options.ts';

/** What a candidate reached: one figure a fold, higher is better. */
export interface JudgedCandidate {
  readonly name: string;
  readonly learner: string;
  readonly folds: readonly number[];
}

export interface CandidateVerdict {
  readonly name: string;
  readonly mean: number;
  /** Of the mean over folds; null with one fold. */
  readonly standardError: number | null;
  /** How much the best candidate is better, and the standard error of that difference over the same folds. */
  readonly shortfall: number;
  readonly shortfallError: number | null;
}

export interface CandidateChoice {
  readonly chosen: string;
  readonly best: string;
  /** In the order given. */
  readonly verdicts: readonly CandidateVerdict[];
  readonly why: string;
}

/**
 * Chooses among candidates given from the simplest to the most complex. `best` takes the highest mean.
 * `one_standard_error` takes, of the best candidate of each learner, the simplest that is not worse: whose mean is
 * below the highest by no more than one standard error (Breiman et al. 1984). Settings of one learner are told
 * apart by their means: nothing is gained in clarity by a worse one. The error is that of the difference over
 * folds: folds differ more from each other than candidates do on one fold, so that the error of a mean alone would
 * call almost everything equal.
 */
export function chooseCandidate(
  candidates: readonly JudgedCandidate[],
  rule: 'one_standard_error' | 'best',
): CandidateChoice {
  assertCount(candidates.length, 'candidates', 1);
  const means = candidates.map(({ folds }) => mean(folds));
  const bestIndex = means.indexOf(Math.max(...means));
  const best = candidates[bestIndex] as JudgedCandidate;
  const verdicts = candidates.map(({ name, folds }, index): CandidateVerdict => {
    const differences = folds.map((value, fold) => (best.folds[fold] as number) - value);
    return {
      name,
      mean: means[index] as number,
      standardError: standardError(folds),
      shortfall: mean(differences),
      shortfallError: index === bestIndex ? 0 : standardError(differences),
    };
  });
  const bestOfLearner = (index: number): boolean =>
    candidates.every(
      ({ learner }, other) =>
        learner !== candidates[index]?.learner || (means[other] as number) <= (means[index] as number),
    );
  const chosen =
    rule === 'best'
      ? (verdicts[bestIndex] as CandidateVerdict)
      : (verdicts.find(
          ({ shortfall, shortfallError }, index) =>
            bestOfLearner(index) && shortfall <= (shortfallError ?? 0),
        ) as CandidateVerdict);
  return { chosen: chosen.name, best: best.name, verdicts, why: reasonFor(chosen, best.name) };
}

function reasonFor(chosen: CandidateVerdict, best: string): string {
  if (chosen.name === best) return 'the highest mean over the folds';
  return `the simplest that is not worse: ${best} is better by ${chosen.shortfall.toFixed(4)}, within one standard error (${(chosen.shortfallError ?? 0).toFixed(4)})`;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Standard error of a mean; null for fewer than two values. */
function standardError(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const center = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1);
  return Math.sqrt(variance / values.length);
}
