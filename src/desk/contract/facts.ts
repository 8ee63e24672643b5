/** What does not change between two scorings. */
import { z } from 'zod';
import { date, days } from './scalars.ts';

/** A feature of the contract as a form or a table needs it. */
export const FeatureFacts = z.object({
  name: z.string(),
  label: z.string(),
  group: z.string().nullable(),
  unit: z.string().nullable(),
  type: z.enum(['numeric', 'categorical']),
  is_integer: z.boolean(),
  lowest: z.number().nullable(),
  highest: z.number().nullable(),
  is_nullable: z.boolean(),
  /** Of training; empty for numbers. */
  categories: z.array(z.string()),
  /** Among the inputs that a form begins with. */
  is_main: z.boolean(),
  /** A fact that nobody can change: a form shows it and locks it. */
  is_frozen: z.boolean(),
});
export type FeatureFacts = z.infer<typeof FeatureFacts>;

/** What does not change between two scorings. */
export const Facts = z.object({
  pack: z.string(),
  entity: z.string(),
  key: z.string(),
  currency: z.string(),
  /** What the worth of an entity rests on; null where it is measured. */
  value_assumption: z.string().nullable(),
  horizons: z.array(days),
  /** The most urgent first; the last one is the tier of all others. */
  tiers: z.array(
    z.object({
      name: z.string(),
      action: z.string(),
      owner: z.string(),
      sla: z.string(),
      horizon: days.nullable(),
      threshold: z.number().nullable(),
    }),
  ),
  owners: z.array(z.string()),
  /** Columns that rows can be filtered by, with their values in the newest scores. */
  segments: z.array(z.object({ name: z.string(), label: z.string(), values: z.array(z.string()) })),
  features: z.array(FeatureFacts),
  /** Newest first; empty before the first scoring. */
  score_dates: z.array(date),
  model_set: z.int().nullable(),
});
export type Facts = z.infer<typeof Facts>;
