/** The part of `pack.yaml` that says what a model must reach on the test rows. */
import { z } from 'zod';

/** A metric that the test split of every horizon must reach; higher is better. */
export const Gate = z.strictObject({
  metric: z.string().min(1).describe('as docs/reference/metrics.md names it, such as auc_roc or f1'),
  at_least: z.number(),
});
export type Gate = z.infer<typeof Gate>;
