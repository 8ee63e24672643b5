/** The part of `pack.yaml` that says how the values of features are cleaned before a model sees them. */
import { z } from 'zod';

const strict = z.strictObject;

const Impossible = z
  .enum(['keep', 'missing'])
  .describe('a number outside the range of features.yaml: kept as it is, or taken for missing');

const dropAbove = z
  .number()
  .min(0)
  .max(1)
  .nullable()
  .describe(
    'a feature with a larger share of missing values among the training rows is left out; null: never',
  );

const NumericMissing = z
  .union([z.enum(['leave', 'median', 'mean', 'mode']), strict({ constant: z.number() })])
  .describe('what a missing number becomes; leave: the tree has a branch for it');

const CategoricalMissing = z
  .union([z.enum(['leave', 'mode']), strict({ constant: z.string().min(1) })])
  .describe('what a missing category becomes; leave: the tree has a branch for it');

const Outliers = z
  .union([
    z.literal('none'),
    strict({
      method: z
        .enum(['iqr', 'zscore', 'percentile'])
        .describe(
          'iqr: 1.5 interquartile ranges beyond the quartiles; zscore: 3 standard deviations from the mean; percentile: the 1st and the 99th',
        ),
      action: z
        .enum(['cap', 'flag'])
        .describe('cap: moved to the bound; flag: kept, with a feature <name>_outlier of 0 or 1 beside it'),
    }),
  ])
  .describe('which numbers count as outliers, by bounds fitted on the training rows, and what is done');

export const CleaningSettings = strict({
  numeric: strict({
    missing: NumericMissing.default('leave'),
    drop_above: dropAbove.default(null),
    outliers: Outliers.default('none'),
    impossible: Impossible.default('keep'),
  })
    .prefault({})
    .describe('what holds of every numeric feature'),
  categorical: strict({
    missing: CategoricalMissing.default('leave'),
    drop_above: dropAbove.default(null),
  })
    .prefault({})
    .describe('what holds of every categorical feature'),
  features: z
    .record(
      z.string(),
      strict({
        missing: z
          .union([
            z.enum(['leave', 'median', 'mean', 'mode']),
            strict({ constant: z.union([z.number(), z.string().min(1)]) }),
          ])
          .optional(),
        drop_above: dropAbove.optional(),
        outliers: Outliers.optional(),
        impossible: Impossible.optional(),
      }),
    )
    .default({})
    .describe('what holds of single features instead'),
  repeated_keys: z
    .enum(['refuse', 'keep_first'])
    .default('refuse')
    .describe(
      'an entity that an undated pack has several rows of: refused, or its first row is kept and the others are counted and quarantined',
    ),
});
export type CleaningSettings = z.infer<typeof CleaningSettings>;
