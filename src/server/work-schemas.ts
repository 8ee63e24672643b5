/** Bodies of the routes about sessions and work, beside those of the contract. */
import { z } from 'zod';
import { OUTCOMES, SORTS } from '../desk/index.ts';

export const SignIn = z.strictObject({ key: z.string().describe('as it was shown when it was made') });

const share = z.number().min(0).max(1);
const days = z.int().min(1);
const words = z.array(z.string().max(256)).max(100);

/** The filters and the order of `GET /v1/customers`, by which the most urgent row is chosen. */
export const NextRequest = z.strictObject({
  tier: words.optional(),
  owner: words.optional(),
  search: z.string().max(256).optional(),
  horizon: days.optional(),
  probability_from: share.optional(),
  probability_to: share.optional(),
  other_horizon: days.optional(),
  other_from: share.optional(),
  other_to: share.optional(),
  outcome: z.enum(OUTCOMES).optional(),
  overdue: z.boolean().optional(),
  segments: z.record(z.string().max(256), words).optional(),
  sort: z
    .string()
    .max(80)
    .describe(`${SORTS.join(', ')}, or probability_<days>d`)
    .optional(),
  order: z.enum(['ascending', 'descending']).optional(),
});
