/** The part of `pack.yaml` that says what a model must reach on the test rows. */
import { z } from 'zod';

/** A limit of a metric on the test rows of every horizon; which side it is on depends on the metric. */
export const Gate = z.strictObject({
  metric: z.string().min(1).describe('as docs/reference/metrics.md names it, such as auc_roc or f1'),
  at_least: z.number().optional().describe('for a metric that is better the higher it is, such as auc_roc'),
  at_most: z
    .number()
    .optional()
    .describe(
      'for a metric that is better the lower it is, such as calibration_error; both for one that has a best value in between, such as calibration_slope',
    ),
});
export type Gate = z.infer<typeof Gate>;
