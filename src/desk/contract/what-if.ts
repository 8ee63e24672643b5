/** Features that somebody thought up. */
import { z } from 'zod';
import { date } from './scalars.ts';
import { Contributions, Probability } from './scores.ts';

/** What the model would say of features that somebody thought up. */
export const WhatIf = z.object({
  probabilities: z.array(Probability),
  tier: z.string(),
  action: z.string(),
  owner: z.string(),
  sla: z.string(),
  reasons: z.array(z.string()),
  contributions: z.array(Contributions),
  unseen_categories: z.array(z.string()),
});
export type WhatIf = z.infer<typeof WhatIf>;

/** Where a what-if begins. */
export const WhatIfStart = z.object({
  /** Null for a row that must not be traced to anybody. */
  id: z.string().nullable(),
  as_of: date,
  features: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
});
export type WhatIfStart = z.infer<typeof WhatIfStart>;
