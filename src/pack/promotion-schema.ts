/** The part of `pack.yaml` that says when a model set may take the place of the one in production. */
import { z } from 'zod';

const strict = z.strictObject;

export const PromotionSettings = strict({
  metric: z
    .string()
    .min(1)
    .default('auc_pr')
    .describe(
      'what challenger and champion are compared by on the same test rows, as docs/reference/metrics.md names it',
    ),
  rule: z
    .enum(['better', 'not_worse'])
    .default('better')
    .describe(
      'better: every horizon with another model must be strictly better; not_worse: it may be worse by at most the margin',
    ),
  margin: z
    .number()
    .nonnegative()
    .default(0)
    .describe('for the rule not_worse: by how much of the metric a horizon may be worse'),
  confidence: z
    .number()
    .gt(0.5)
    .lt(1)
    .default(0.95)
    .describe('share of the paired resamples that must be better, or not worse by more than the margin'),
  resamples: z
    .int()
    .min(100)
    .default(1000)
    .describe('of the entities of the test rows; segments take 200 at most'),
  segment_margin: z
    .number()
    .nonnegative()
    .default(0.05)
    .describe(
      'by how much of the metric any value of evaluation.segments may be worse; a larger loss counts where it shows with the confidence above',
    ),
  single_row_ms: z
    .number()
    .positive()
    .default(50)
    .describe('time in milliseconds within which one row is scored for all horizons'),
  approval: z
    .enum(['none', 'required'])
    .default('none')
    .describe('required: somebody approves a set that passed before it goes into production'),
});
export type PromotionSettings = z.infer<typeof PromotionSettings>;
