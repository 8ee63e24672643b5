/** The figures of all that were scored. */
import { z } from 'zod';
import { CONTACT_OUTCOMES } from '../../domain/index.ts';
import { count, date, days, money, share } from './scalars.ts';

/** A figure of now beside that of the score date before; null where there was none. */
const Change = z.object({ now: z.number(), before: z.number().nullable() });
export type Change = z.infer<typeof Change>;

export const Overview = z.object({
  as_of: date,
  previous: date.nullable(),
  model_set: z.int(),
  scored: Change,
  value_at_risk: Change,
  tiers: z.array(
    z.object({
      name: z.string(),
      count: Change,
      share,
      value_at_risk: money,
    }),
  ),
  /** One a horizon, all with the same bins of probability. */
  histograms: z.array(
    z.object({ days, mean: share, bins: z.array(z.object({ from: share, to: share, count })) }),
  ),
  /** How many are in which band of probability at the shortest and at the longest horizon. */
  heatmap: z.object({
    row_days: days,
    column_days: days,
    bands: z.array(z.object({ from: share, to: share })),
    /** By the places of their bands; those without anybody are there too. */
    cells: z.array(z.object({ row: z.int(), column: z.int(), count })),
  }),
  /** Work by the team that does it. */
  teams: z.array(
    z.object({
      owner: z.string(),
      tier: z.string(),
      due: count,
      overdue: count,
      assigned: count,
      snoozed: count,
      suppressed: count,
      done: count,
      value_at_risk: money,
    }),
  ),
  /** What contacts since the score date came to. `value` is the value at risk of those concerned. */
  contacts: z.array(z.object({ outcome: z.enum(CONTACT_OUTCOMES), count, value: money })),
});
export type Overview = z.infer<typeof Overview>;
