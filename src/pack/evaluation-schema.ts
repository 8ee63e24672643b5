/** The parts of `pack.yaml` that say how models are judged. */
import { z } from 'zod';

const strict = z.strictObject;
const part = z.number().gt(0).max(1);
const featureName = z.string().regex(/^[a-z][a-z0-9_]*$/);

/** How the decision threshold of a horizon is chosen, on the `calibrate` rows. */
export const ThresholdRule = z.discriminatedUnion('rule', [
  strict({ rule: z.literal('best_f1').describe('the highest F1') }),
  strict({
    rule: z.literal('precision_floor').describe('the lowest threshold with at least this precision'),
    precision: part,
  }),
  strict({ rule: z.literal('capacity').describe('as many rows as can be contacted'), share: part }),
  strict({ rule: z.literal('profit').describe('the highest expected profit by the terms of the campaign') }),
]);
export type ThresholdRule = z.infer<typeof ThresholdRule>;

/** Terms of the expected maximum profit; money in the currency of `value`. */
export const Campaign = strict({
  alpha: z.number().positive().default(6),
  beta: z.number().positive().default(14).describe('the share who accept is Beta(alpha, beta) distributed'),
  clv: z.number().positive().default(200).describe('what a retained entity is worth'),
  offer: z.number().nonnegative().default(10).describe('cost of an offer that is accepted'),
  contact: z.number().nonnegative().default(1).describe('cost of a contact'),
});

export const EvaluationSettings = strict({
  threshold: ThresholdRule.default({ rule: 'best_f1' }),
  campaign: Campaign.prefault({}),
  segments: z.array(featureName).default([]).describe('features by whose values metrics are split'),
  segment_least: strict({
    rows: z.int().positive().default(200),
    positives: z.int().positive().default(10),
  })
    .prefault({})
    .describe('smaller segments are named without metrics'),
  rule: strict({
    description: z.string().min(1),
    score: z.string().min(1).describe('SQL expression over features, higher is riskier'),
  })
    .optional()
    .describe('what a team without a model would do; models are compared with it'),
  hypotheses: z
    .record(
      z.string().regex(/^\d+d$/),
      z.array(
        strict({
          feature: featureName,
          says: z.string().min(1),
          raised_by: z
            .enum(['higher', 'lower'])
            .optional()
            .describe(
              'which values of a numeric feature are expected to raise the score; without it the direction is shown but not judged',
            ),
        }),
      ),
    )
    .default({})
    .describe('what is expected to drive each horizon, strongest first; the report says whether it does'),
});
export type EvaluationSettings = z.infer<typeof EvaluationSettings>;

export const ModelCard = strict({
  intended_use: z.string().min(1),
  limits: z.array(z.string().min(1)).min(1),
});
export type ModelCard = z.infer<typeof ModelCard>;
