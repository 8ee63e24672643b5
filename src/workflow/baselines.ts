/** What a model is compared with. */
import { logisticOf } from '../domain/index.ts';
import type { Baseline, EvaluatedRows } from '../evaluate/index.ts';
import { fitLogisticRegression, predictLogistic } from '../learner/index.ts';
import { categoricalColumns, type StoredModel } from '../model/index.ts';
import type { EvaluationSettings } from '../pack/index.ts';
import { type HorizonRows, rowsIn } from '../train/index.ts';
import type { ScoredSet } from './scored-set.ts';

/** Some dozens of coefficients are settled by so many rows; more would only take minutes. */
const REGRESSION_ROWS = 500_000;

/** Nothing, the team's rule, and a simple model, on the given rows of the matrix. */
export function baselinesOf(
  { matrix }: ScoredSet,
  horizon: number,
  { matrixRows }: EvaluatedRows & { readonly matrixRows: Uint32Array },
  { encoding, statistics, choice }: StoredModel,
  { rule }: EvaluationSettings,
): Baseline[] {
  const labelled = matrix.horizons[horizon];
  const [ruleScores] = matrix.extra;
  const baselines: Baseline[] = [
    {
      name: 'base_rate',
      description: 'the base rate of training for everybody',
      rawScores: new Float64Array(matrixRows.length),
      probabilities: new Float64Array(matrixRows.length).fill(statistics.baseRate),
    },
  ];
  if (rule !== undefined && ruleScores !== undefined)
    baselines.push({
      name: 'rule',
      description: rule.description,
      rawScores: Float64Array.from(matrixRows, (row) => ruleScores[row] as number),
    });
  if (labelled !== undefined) {
    const learntFrom = rowsLearntFrom(labelled, choice?.selection?.refit === true);
    const oneIn = Math.ceil(learntFrom.length / REGRESSION_ROWS);
    const regression = fitLogisticRegression({
      features: matrix.features,
      categorical: categoricalColumns(encoding),
      trainRows: oneIn === 1 ? learntFrom : learntFrom.filter((_, place) => place % oneIn === 0),
      labels: labelled.labels,
    });
    const rawScores = predictLogistic(regression, matrix.features, matrixRows);
    baselines.push({
      name: 'logistic_regression',
      description: `logistic regression on the same features and ${oneIn === 1 ? '' : `one in ${String(oneIn)} of the same `}training rows${regression.converged ? '' : '; the search for its coefficients did not end, so that it is no fair comparison'}`,
      rawScores,
      probabilities: rawScores.map(logisticOf),
    });
  }
  return baselines;
}

/** A model that was refitted learnt from all rows but the test rows: so does what it is compared with. */
const rowsLearntFrom = (horizon: HorizonRows, isRefit: boolean): Uint32Array =>
  isRefit ? rowsIn(horizon, 'train', 'stop', 'calibrate') : rowsIn(horizon, 'train');
