/**
 * The shape of what a model folder holds. Hashes say that a folder is whole, not that it makes sense, and it may come
 * from elsewhere. What a text may be is narrow where it is shown, since it could steer a terminal; a figure that is no
 * number is written as null.
 */
import { z } from 'zod';
import { type ModelContent, STORED_QUANTILES } from './content.ts';

const number = z.number();
const count = z.int().nonnegative();
const shareOf = z.number().min(0).max(1);
const days = z.int().positive().max(10_000);
/** One line that can be shown. */
const line = z
  .string()
  .max(500)
  .regex(/^[^\p{Cc}\p{Cf}\u2028\u2029]*$/u);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** `set.json` of a set's folder. */
export const SetFile = z.object({
  format: z.literal(1),
  set: z.int().positive(),
  hash,
  packHash: hash,
  models: z
    .array(
      z.object({
        horizonDays: days,
        folder: z.string().regex(/^churn_model_[1-9][0-9]{0,4}d$/),
        version: z.int().positive(),
        contentHash: hash,
      }),
    )
    .min(1)
    .max(50),
});

const Cleaning = z.object({
  possible: z.tuple([number.nullable(), number.nullable()]).optional(),
  outliers: z
    .object({
      method: z.unknown(),
      action: z.enum(['cap', 'flag']),
      lower: number,
      upper: number,
    })
    .optional(),
  missing: z.object({ rule: z.enum(['median', 'mean', 'mode', 'constant']), value: number }).optional(),
});

const Encoding = z.object({
  features: z
    .array(
      z.object({
        name: line,
        type: z.enum(['numeric', 'categorical']),
        categories: z.array(z.string()),
        cleaning: Cleaning.optional(),
        outlierOf: line.optional(),
      }),
    )
    .min(1),
  dropped: z
    .array(
      z.object({
        name: line,
        type: z.enum(['numeric', 'categorical']),
        categories: z.array(z.string()),
        missingShare: shareOf,
        dropAbove: shareOf,
      }),
    )
    .optional(),
  contractHash: hash,
});

const Statistics = z.object({
  rows: count,
  positives: count,
  baseRate: shareOf,
  decileEdges: z.array(number.nullable()).max(9),
  features: z.record(
    z.string(),
    z.object({
      missingShare: shareOf,
      quantiles: z
        .array(number.nullable())
        .refine(({ length }) => length === 0 || length === STORED_QUANTILES.length),
      shares: z.array(shareOf).optional(),
    }),
  ),
  gain: z.record(z.string(), number.nullable()),
});

const rises = (values: readonly number[], strictly: boolean): boolean =>
  values.every((value, index) => {
    const before = values[index - 1];
    return before === undefined || (strictly ? value > before : value >= before);
  });

const Knots = z
  .object({ x: z.array(number).min(1), y: z.array(shareOf).min(1) })
  .refine(({ x, y }) => x.length === y.length && rises(x, true) && rises(y, false));

const Calibrator = z.discriminatedUnion('method', [
  z.object({ method: z.literal('isotonic'), knots: Knots }),
  z.object({ method: z.literal('platt'), slope: number.nonnegative(), intercept: number }),
  z.object({ method: z.literal('beta'), a: number.nonnegative(), b: number.nonnegative(), c: number }),
]);

const MetricInterval = z.object({
  value: number.nullable(),
  reason: line.optional(),
  lower: number.nullable(),
  upper: number.nullable(),
});

const SplitMetrics = z.union([
  z.object({
    rows: count,
    positives: count,
    baseRate: shareOf.nullable(),
    decision: z
      .object({
        threshold: number,
        truePositives: count,
        falsePositives: count,
        falseNegatives: count,
        trueNegatives: count,
      })
      .nullable(),
    metrics: z.record(z.string().regex(/^[a-z0-9_.]+$/), MetricInterval),
    bootstrap: z.object({ entities: count, resamples: count, seed: number, level: shareOf }),
  }),
  z.object({ reason: line }),
]);

const CalibrationFigures = z.object({
  meanProbability: number,
  slope: number.nullable(),
  error: number.nullable(),
});

const Choice = z.object({
  selection: z
    .object({
      metric: z.enum(['auc_pr', 'auc_roc']),
      rule: z.enum(['one_standard_error', 'best']),
      folds: count,
      forwardInTime: z.boolean(),
      rows: count,
      chosen: line,
      why: line,
      refit: z.boolean(),
      candidates: z.array(
        z.object({
          name: line,
          learner: line,
          mean: number,
          standardError: number.nullable(),
          shortfall: number,
          shortfallError: number.nullable(),
          folds: z.array(number),
          trees: z.array(number),
        }),
      ),
    })
    .nullable(),
  imbalance: z.object({
    method: z.enum(['none', 'balanced', 'weights', 'smote']),
    rows: count,
    positives: count,
    synthetic: count,
    positiveWeight: number,
  }),
  calibrationEffect: z
    .object({
      split: z.enum(['test', 'validation']),
      rows: count,
      rate: number,
      before: CalibrationFigures,
      after: CalibrationFigures,
    })
    .nullable(),
});

const Decision = z.object({
  rule: z.discriminatedUnion('rule', [
    z.object({ rule: z.literal('best_f1') }),
    z.object({ rule: z.literal('precision_floor'), precision: shareOf }),
    z.object({ rule: z.literal('capacity'), share: shareOf }),
    z.object({ rule: z.literal('profit'), campaign: z.unknown() }),
  ]),
  threshold: number.nullable(),
});

const Sample = z.object({
  features: z.record(z.string(), z.union([z.string(), number, z.null()])).optional(),
  values: z.array(number.nullable()),
  raw: number,
  probability: shareOf.optional(),
});

/** The JSON files of a version by name. */
export const CONTENT_SCHEMAS = {
  'features.json': Encoding,
  'statistics.json': Statistics,
  'calibrator.json': Calibrator,
  'decision.json': Decision.nullable(),
  'selection.json': Choice.nullable(),
  'settings.json': z.object({
    horizonDays: days,
    learner: z.object({
      name: z.enum(['lightgbm', 'xgboost', 'random_forest', 'logistic_regression']),
      version: line,
    }),
    parameters: z.record(line, z.union([line, number, z.boolean()])),
    rounds: count,
    trees: count,
    earlyStoppingRounds: count,
    seed: number,
  }),
  'metrics.json': z.object({ validation: SplitMetrics, test: SplitMetrics }),
  'samples.json': z.array(Sample),
  'lineage.json': z.object({
    packName: line,
    packHash: hash,
    tables: z.record(line, count),
    observedTo: z.union([z.literal(''), z.iso.date()]),
  }),
} as const;

/** What files of the right form say against each other: the file that is at fault and why; undefined where nothing does. */
export function contradiction({
  encoding: { features },
  statistics,
  samples,
}: Pick<ModelContent, 'encoding' | 'statistics' | 'samples'>):
  readonly [file: string, what: string] | undefined {
  const names = new Set(features.map(({ name }) => name));
  if (names.size < features.length) return ['features.json', 'has a feature twice'];
  if (features.some(({ outlierOf }) => outlierOf !== undefined && !names.has(outlierOf)))
    return ['features.json', 'has a flag of a feature that is not there'];
  if (
    features.some(
      ({ type, categories, cleaning }) =>
        type === 'categorical' && (cleaning?.missing?.value ?? 0) >= Math.max(categories.length, 1),
    )
  )
    return ['features.json', 'puts a category that is not there in the place of a missing one'];
  const plain = features.filter(({ outlierOf }) => outlierOf === undefined);
  if (plain.some(({ name }) => !Object.hasOwn(statistics.features, name)))
    return ['statistics.json', 'lacks a feature'];
  if (samples.some(({ values }) => values.length !== features.length))
    return ['samples.json', 'has rows of another number of features than features.json'];
  return undefined;
}
