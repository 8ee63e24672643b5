/** What a score says, and what made it so. */
import { z } from 'zod';
import { days, share, Value } from './scalars.ts';

export const Probability = z.object({
  days,
  probability: share,
  risk_score: share,
  decile: z.int().min(1).max(10),
});

export const Contributions = z.object({
  days,
  /** Log-odds that every row starts from; with all contributions it gives the raw score. */
  base: z.number(),
  /** All features, the strongest first. */
  features: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      unit: z.string().nullable(),
      value: Value,
      contribution: z.number(),
    }),
  ),
});
export type Contributions = z.infer<typeof Contributions>;
