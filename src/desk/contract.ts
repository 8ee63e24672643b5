/**
 * The documents of the read API under `/v1/`, spelled as they are sent: the server answers with them, the OpenAPI
 * document is made of them, and the dashboard is typed by them. Dates are `YYYY-MM-DD`, instants ISO 8601 in UTC, shares
 * and probabilities from 0 to 1, money in the pack's currency.
 */
import { z } from 'zod';

const date = z.iso.date();
const instant = z.iso.datetime();
const share = z.number().min(0).max(1);
const count = z.int().min(0);
const days = z.int().min(1);
const money = z.number();

export const TABS = ['due', 'snoozed', 'suppressed', 'done', 'all'] as const;
export const OUTCOMES = ['contacted', 'accepted_offer', 'refused', 'no_answer', 'left'] as const;

/** Who looks, and what they may do. */
export const Session = z.object({
  /** There are no keys: everybody on this machine may do everything. */
  is_open: z.boolean(),
  is_signed_in: z.boolean(),
  id: z.string().nullable(),
  name: z.string().nullable(),
  role: z.string().nullable(),
  permissions: z.array(z.string()),
});
export type Session = z.infer<typeof Session>;

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
  contacts: z.array(z.object({ outcome: z.enum(OUTCOMES), count, value: money })),
});
export type Overview = z.infer<typeof Overview>;

const Probability = z.object({ days, probability: share, risk_score: share, decile: z.int().min(1).max(10) });

/** What people did about an entity, as it stands now. */
export const Work = z.object({
  /** `none`: of a tier that nobody contacts. */
  status: z.enum(['due', 'snoozed', 'suppressed', 'done', 'none']),
  assignee: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Last day of a snooze. */
  until: date.nullable(),
  /** Why it is snoozed or suppressed. */
  reason: z.string().nullable(),
  /** What made it so, such as `suppressed by Ann` or `left`. */
  rule: z.string().nullable(),
  last_outcome: z.enum(OUTCOMES).nullable(),
  last_contact_at: instant.nullable(),
  contacts: count,
});
export type Work = z.infer<typeof Work>;

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

/** A line of the record of work. */
export const WorkEvent = z.object({
  at: instant,
  by: z.object({ id: z.string(), name: z.string() }),
  action: z.enum(['assign', 'release', 'snooze', 'suppress', 'resume', 'contact']),
  assignee: z.object({ id: z.string(), name: z.string() }).nullable(),
  until: date.nullable(),
  reason: z.string().nullable(),
  outcome: z.enum(OUTCOMES).nullable(),
  note: z.string().nullable(),
});
export type WorkEvent = z.infer<typeof WorkEvent>;

const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

const Contributions = z.object({
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
      fields: z.array(z.object({ name: z.string(), value: z.string() })),
    }),
  ),
  /** Rows of the past that `timeline` leaves out. */
  timeline_left_out: count,
  work_history: z.array(WorkEvent),
});
export type Customer = z.infer<typeof Customer>;

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
  /** The last verdict of the gates; empty where there was none. */
  gates: z.array(
    z.object({ name: z.string(), has_passed: z.boolean(), wanted: z.string(), found: z.string() }),
  ),
  card: z.object({ intended_use: z.string().nullable(), limits: z.array(z.string()) }),
});
export type Performance = z.infer<typeof Performance>;

export const DataHealth = z.object({
  /** Day of the newest snapshot; null before the first build. */
  as_of: date.nullable(),
  /** Last complete day of data. */
  observed_to: date.nullable(),
  sources: z.array(
    z.object({
      table: z.string(),
      description: z.string(),
      files: count,
      newest_file: z.string().nullable(),
      rows: count,
      delivered_at: instant.nullable(),
      columns: z.array(z.object({ name: z.string(), type: z.string() })),
    }),
  ),
  tables: z.array(
    z.object({
      table: z.string(),
      version: z.int(),
      rows: count,
      bytes: count,
      changed_at: instant,
      description: z.string(),
    }),
  ),
  /** The newest result of each rule, those that failed first. */
  expectations: z.array(
    z.object({
      table: z.string(),
      expectation: z.string(),
      description: z.string(),
      action: z.string(),
      status: z.enum(['PASS', 'WARN', 'FAIL']),
      failed_rows: count,
      total_rows: count,
      checked_at: instant,
    }),
  ),
  /** Missing values of the newest snapshot beside those of training, the largest difference first. */
  features: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      missing: share,
      missing_in_training: share.nullable(),
    }),
  ),
  snapshot_rows: count,
  quarantined_rows: count,
});
export type DataHealth = z.infer<typeof DataHealth>;

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

/** What somebody does about an entity. */
export const WorkRequest = z.discriminatedUnion('action', [
  /** Without `to` to whoever asks. */
  z.strictObject({ action: z.literal('assign'), to: z.string().optional() }),
  z.strictObject({ action: z.literal('release') }),
  z.strictObject({ action: z.literal('snooze'), until: date, reason: z.string().min(1).max(500) }),
  z.strictObject({ action: z.literal('suppress'), reason: z.string().min(1).max(500) }),
  z.strictObject({ action: z.literal('resume') }),
  z.strictObject({
    action: z.literal('contact'),
    outcome: z.enum(OUTCOMES),
    note: z.string().max(2000).optional(),
  }),
]);
export type WorkRequest = z.infer<typeof WorkRequest>;

/** Filters and order of the queue, as they stand in its address. */
export interface CustomersQuery {
  readonly tab?: (typeof TABS)[number];
  readonly tier?: readonly string[];
  readonly owner?: readonly string[];
  /** Id of a key, `me` or `nobody`. */
  readonly assignee?: string;
  /** Beginning of an id. */
  readonly search?: string;
  /** The horizon that `probability_from` and `probability_to` speak of. */
  readonly horizon?: number;
  readonly probability_from?: number;
  readonly probability_to?: number;
  /** A second range, at `other_horizon`: the cells of the heatmap. */
  readonly other_horizon?: number;
  readonly other_from?: number;
  readonly other_to?: number;
  readonly outcome?: (typeof OUTCOMES)[number];
  readonly overdue?: boolean;
  /** `segment.<name>=<value>` in the address. */
  readonly segments?: Readonly<Record<string, readonly string[]>>;
  readonly sort?: string;
  readonly order?: 'ascending' | 'descending';
  readonly offset?: number;
  readonly limit?: number;
}
/** What rows can be sorted by, beside `probability_<days>d`; without `sort` by `value_at_risk`, the highest first. */
export const SORTS = [
  'value_at_risk',
  'remaining_value',
  'expected_gain',
  'contact_by',
  'tier',
  'id',
] as const;
