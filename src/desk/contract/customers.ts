/** The queue, and the page of an entity. */
import { z } from 'zod';
import { count, date, days, instant, money, share, Value } from './scalars.ts';
import { Contributions, Probability } from './scores.ts';
import { Work, WorkEvent } from './work.ts';

/** A row of the queue. */
export const CustomerRow = z.object({
  id: z.string(),
  tier: z.string(),
  tier_before: z.string().nullable(),
  action: z.string().nullable(),
  owner: z.string().nullable(),
  sla: z.string().nullable(),
  contact_by: instant.nullable(),
  probabilities: z.array(Probability),
  remaining_value: money.nullable(),
  /** Probability of the longest horizon x remaining value. */
  value_at_risk: money.nullable(),
  expected_gain: money.nullable(),
  reasons: z.array(z.string()),
  intervention: z.string().nullable(),
  work: Work,
});
export type CustomerRow = z.infer<typeof CustomerRow>;

export const Customers = z.object({
  as_of: date,
  /** Of all rows that the filters leave, not of this page. */
  total: count,
  value_at_risk: money,
  offset: count,
  limit: count,
  rows: z.array(CustomerRow),
});
export type Customers = z.infer<typeof Customers>;

export const Customer = z.object({
  as_of: date,
  customer: CustomerRow,
  /** Of the training rows: what the probabilities are to be seen beside. */
  base_rates: z.array(z.object({ days, rate: share })),
  /** Scores on each date, the newest first; the first one is that of now. */
  history: z.array(
    z.object({
      score_date: date,
      tier: z.string(),
      model_set: z.int(),
      probabilities: z.array(z.object({ days, probability: share })),
    }),
  ),
  reasons: z.array(
    z.object({
      text: z.string(),
      feature: z.string(),
      label: z.string(),
      value: Value,
      unit: z.string().nullable(),
      /** What the playbook offers where this is the reason. */
      intervention: z.string().nullable(),
    }),
  ),
  features: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      group: z.string().nullable(),
      unit: z.string().nullable(),
      value: Value,
    }),
  ),
  /** Null where they cannot be had now, with the reason in `contributions_missing`. */
  contributions: z.array(Contributions).nullable(),
  contributions_missing: z.string().nullable(),
  /** What the pack knows of the entity's past, the newest first. */
  timeline: z.array(
    z.object({
      date,
      source: z.string(),
      label: z.string(),
      /** Named as people say it; `unit` is that of the pack's feature of the same name, where it has one. */
      fields: z.array(z.object({ name: z.string(), value: z.string(), unit: z.string().nullable() })),
    }),
  ),
  /** Rows of the past that `timeline` leaves out. */
  timeline_left_out: count,
  work_history: z.array(WorkEvent),
});
export type Customer = z.infer<typeof Customer>;
