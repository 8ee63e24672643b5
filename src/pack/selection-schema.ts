/** The parts of `learner:` that say what is tried, how one is chosen, and what is done about rare positives. */
import { z } from 'zod';
import { LearnerName } from './learner-schema.ts';

const strict = z.strictObject;
const parameter = z.union([z.string(), z.number(), z.boolean()]);
const candidateName = z.string().regex(/^[a-z][a-z0-9_]*$/, 'lower-case letters, digits and _');

export const Candidate = strict({
  name: candidateName,
  learner: LearnerName.default('lightgbm').describe('which learner makes it'),
  parameters: z
    .record(z.string(), parameter)
    .default({})
    .describe('laid over the parameters of the learner section where the learner is the same'),
  rounds: z.int().positive().optional().describe('default: the rounds of the learner section'),
});
export type Candidate = z.infer<typeof Candidate>;

export const Selection = strict({
  folds: z
    .int()
    .min(2)
    .max(20)
    .default(5)
    .describe('by groups of identical rows; forward in time with dates'),
  metric: z.enum(['auc_pr', 'auc_roc']).default('auc_pr').describe('what candidates are judged by'),
  rule: z
    .enum(['one_standard_error', 'best'])
    .default('one_standard_error')
    .describe(
      'the simplest learner that is not worse than the best by more than one standard error, or the best',
    ),
  refit: z
    .boolean()
    .default(true)
    .describe('undated packs: learn from all rows but the test rows, for as many rounds as the folds took'),
  most_rows: z
    .int()
    .min(1000)
    .default(6000)
    .describe('candidates are judged on at most so many rows; with more there is no refit'),
});
export type Selection = z.infer<typeof Selection>;

/** What is done about rare positives. Only rows that are learnt from are weighed or added to. */
export const Imbalance = z.discriminatedUnion('method', [
  strict({ method: z.literal('none') }),
  strict({ method: z.literal('balanced').describe('weigh positives by negatives / positives') }),
  strict({
    method: z.literal('weights').describe('a weight for each row'),
    column: z.string().min(1).describe('a feature: the weight itself, or what `by` looks up'),
    by: z.record(z.string(), z.number().positive()).optional().describe('weight by value of the feature'),
    otherwise: z.number().positive().default(1).describe('weight of other and of missing values'),
  }),
  strict({
    method: z.literal('smote').describe('add synthetic positives between neighbouring ones'),
    neighbours: z.int().positive().default(5),
    ratio: z.number().positive().max(1).default(1).describe('positives to negatives afterwards'),
  }),
]);
export type Imbalance = z.infer<typeof Imbalance>;
