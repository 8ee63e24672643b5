/** The published logistic regression: the published `_30d` columns with their logarithms, categories one by one. */
import { type BinaryEvaluation, evaluateBinary } from '../../src/domain/index.ts';
import type { Engine } from '../../src/engine/index.ts';
import { fitLogisticRegression, predictLogistic } from '../../src/learner/index.ts';
import { OWN_ROWS } from './shares.ts';

const NUMBERS = [
  'contract_dd_cancels',
  'dd_cancel_60_day',
  'ooc_days',
  'speed',
  'line_speed',
  'tenure_days',
  'calls_30d',
  'avg_talk_time_30d',
  'avg_hold_time_30d',
  'calls_Tech_30d',
  'calls_CSandB_30d',
  'calls_Loyalty_30d',
  'calls_Customer_Finance_30d',
  'calls_FTTP_30d',
  'calls_nan_30d',
  'avg_download_30d',
  'avg_upload_30d',
  'sum_download_30d',
  'sum_upload_30d',
] as const;
const LOGARITHMS = ['sum_download_30d', 'sum_upload_30d', 'avg_talk_time_30d', 'avg_hold_time_30d'] as const;
const CATEGORIES = ['contract_status', 'technology', 'sales_channel', 'crm_package_name'] as const;
/** A hundred coefficients do not need three million rows; one row in five fits in a fifth of the time. */
const TRAINED_ONE_IN = 5;
const SPLITS = ['train', 'validation', 'test'] as const;

export interface LogisticEvaluation {
  readonly validation: BinaryEvaluation;
  readonly test: BinaryEvaluation;
}

/** By the published protocol, or on the rows and labels of Holdfast's own rules. */
export async function evaluateLogistic(
  engine: Engine,
  protocol: 'published' | 'own',
): Promise<LogisticEvaluation> {
  const columns = [
    ...NUMBERS.map((name) => `CAST(${name} AS DOUBLE) AS ${name}`),
    ...LOGARITHMS.map((name) => `ln(1 + ${name}) AS log_${name}`),
    ...CATEGORIES.map((name) => `CAST(dense_rank() OVER (ORDER BY ${name}) - 1 AS DOUBLE) AS ${name}`),
  ];
  const label = protocol === 'published' ? 'label' : 'own_label';
  const split = SPLITS.map((name, code) => `WHEN '${name}' THEN ${String(code)}`).join(' ');
  const loaded = await engine.numeric(
    `SELECT ${columns.join(', ')}, CAST(${label} AS DOUBLE) AS label, CAST(CASE split ${split} END AS DOUBLE) AS split
     FROM snapshot WHERE ${protocol === 'published' ? 'true' : OWN_ROWS}`,
  );
  const width = columns.length;
  const features = {
    rows: loaded.rows,
    columns: width,
    data: loaded.data.subarray(0, loaded.rows * width),
  };
  const column = (index: number): Float64Array =>
    loaded.data.subarray(index * loaded.rows, (index + 1) * loaded.rows);
  const labels = Float32Array.from(column(width));
  const splits = column(width + 1);
  const rowsOf = (name: (typeof SPLITS)[number]): Uint32Array => {
    const code = SPLITS.indexOf(name);
    const rows: number[] = [];
    splits.forEach((found, row) => {
      if (found === code) rows.push(row);
    });
    return Uint32Array.from(rows);
  };
  const regression = fitLogisticRegression({
    features,
    categorical: CATEGORIES.map((_, index) => width - CATEGORIES.length + index),
    trainRows: rowsOf('train').filter((_, index) => index % TRAINED_ONE_IN === 0),
    labels,
  });
  const evaluate = (rows: Uint32Array): BinaryEvaluation => {
    const rawScores = predictLogistic(regression, features, rows);
    return evaluateBinary({
      labels: Float32Array.from(rows, (row) => labels[row] as number),
      rawScores,
      probabilities: rawScores.map((score) => 1 / (1 + Math.exp(-score))),
    });
  };
  return { validation: evaluate(rowsOf('validation')), test: evaluate(rowsOf('test')) };
}
