/** Whether the models can be trusted. */
import { z } from 'zod';
import { count, date, days, instant, money, share } from './scalars.ts';

const Figure = z.object({
  name: z.string(),
  label: z.string(),
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type Figure = z.infer<typeof Figure>;

export const Performance = z.object({
  /** The set that scores. */
  model_set: z.int().nullable(),
  trained_at: instant.nullable(),
  /** Null where it was not evaluated: `evaluation_missing` then says how it is. */
  evaluated_at: instant.nullable(),
  evaluation_missing: z.string().nullable(),
  observed_to: date.nullable(),
  /** Oldest first. */
  trend: z.array(
    z.object({
      score_date: date,
      model_set: z.int(),
      scored: count,
      tiers: z.array(z.object({ name: z.string(), count })),
      horizons: z.array(
        z.object({
          days,
          mean_probability: share,
          /** Null until the outcome of all is known, on `matures_on`. */
          actual_rate: share.nullable(),
          matures_on: date,
          known: count,
        }),
      ),
    }),
  ),
  horizons: z.array(
    z.object({
      days,
      model: z.string(),
      version: z.int(),
      /** Rows that the figures are from, and how many of them left. */
      split: z.enum(['test', 'validation']),
      rows: count,
      positives: count,
      base_rate: share.nullable(),
      metrics: z.array(Figure),
      deciles: z.array(
        z.object({
          decile: z.int(),
          rows: count,
          positives: count,
          predicted: share.nullable(),
          actual: share.nullable(),
        }),
      ),
      calibration: z.array(z.object({ rows: count, predicted: share, actual: share })),
      /** How far down the ranking, and what was found there. */
      curve: z.array(
        z.object({
          share,
          contacted: count,
          found: count,
          missed: count,
          precision: share,
          recall: share,
          false_positive_rate: share,
        }),
      ),
      segments: z.array(
        z.object({
          segment: z.string(),
          label: z.string(),
          parts: z.array(
            z.object({
              value: z.string(),
              rows: count,
              positives: count,
              base_rate: share.nullable(),
              auc_roc: Figure.nullable(),
              auc_pr: Figure.nullable(),
              /** Why there are no figures. */
              missing: z.string().nullable(),
            }),
          ),
        }),
      ),
      baselines: z.array(
        z.object({
          name: z.string(),
          description: z.string(),
          auc_pr: Figure,
          difference: Figure.nullable(),
        }),
      ),
    }),
  ),
  /** What a contact costs and brings, for the slider of capacity. */
  economics: z.object({
    contact_cost: money,
    offer_cost: money,
    acceptance: share,
    mean_value: money.nullable(),
  }),
  champion: z.object({ set: z.int(), promoted_at: instant.nullable(), by: z.string().nullable() }).nullable(),
  challenger: z.object({ set: z.int() }).nullable(),
  /** The set that the gates were asked about last, which need not be the one that scores; null where they never were. */
  gates_set: z.int().nullable(),
  /** Their verdict of it. */
  gates: z.array(
    z.object({ name: z.string(), has_passed: z.boolean(), wanted: z.string(), found: z.string() }),
  ),
  card: z.object({ intended_use: z.string().nullable(), limits: z.array(z.string()) }),
});
export type Performance = z.infer<typeof Performance>;
