/**
 * What the YAML files of a pack may say. Types are derived from the schemas; `docs/schemas/` holds
 * the JSON Schemas generated from them, for editors.
 */
import { z } from 'zod';
import { CleaningSettings } from './cleaning-schema.ts';
import { DashboardSettings } from './dashboard-schema.ts';
import { EvaluationSettings, ModelCard } from './evaluation-schema.ts';
import { DateFormats, SourceFormat } from './source-format-schema.ts';
import { Gate } from './gates-schema.ts';
import { LEARNER_PARAMETERS_HELP, LearnerName } from './learner-schema.ts';
import { PromotionSettings } from './promotion-schema.ts';
import { Candidate, Imbalance, Selection } from './selection-schema.ts';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/, 'lower-case letters, digits and _, beginning with a letter');
const tableName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, 'a table name of the form layer.table, such as silver.calls');
const column = z.string().min(1);
const date = z.iso.date();
export const share = z.number().min(0).max(1);
const strict = z.strictObject;

const columnType = z.enum(['STRING', 'BIGINT', 'INTEGER', 'DOUBLE', 'BOOLEAN', 'DATE', 'TIMESTAMP']);

export const Source = strict({
  files: z
    .array(z.string().min(1))
    .min(1)
    .describe('glob patterns below the landing folder; Parquet, CSV, JSON, Excel, or zip of one'),
  delivery: z
    .enum(['append', 'replace'])
    .default('append')
    .describe('append: each delivery adds rows; replace: each delivery is the whole table'),
  grain: z.string().min(1).describe('what one row stands for'),
  description: z.string().min(1),
  columns: z.record(column, columnType).describe('every column that must be there, with its type'),
  names: z
    .record(column, z.string().min(1))
    .default({})
    .describe('column -> what files call it, where that is no name for a column of a table'),
  null_values: z.array(z.string()).default([]).describe('texts of CSV files that stand for a missing value'),
  format: SourceFormat.prefault({}).describe('how the files are written, where that is not the usual'),
  date_format: DateFormats.optional().describe(
    'how texts of DATE and TIMESTAMP columns are written, such as %d.%m.%Y, beside YYYY-MM-DD',
  ),
  max_bad_share: share
    .default(0.01)
    .describe('share of malformed rows, or of values of a column that do not cast, that stops the step'),
});

const Lookback = z
  .union([strict({ days: z.int().positive() }), strict({ months: z.int().positive() }), z.literal('all')])
  .describe('how far back from T rows are visible');

export const KnownTable = strict({
  table: tableName,
  date: column.describe('the date of the event, or the first day of a monthly period'),
  available_at: column.optional().describe('the column that says when the row could be known; default: date'),
  lookback: Lookback,
  columns_available_at: z
    .record(column, column)
    .default({})
    .describe('columns that are filled in later: column -> date column; NULL for T up to that date'),
});

const FixedSplit = strict({ method: z.literal('fixed'), validation_from: date, test_from: date });
const RollingSplit = strict({
  method: z.literal('rolling'),
  validation: z.int().positive().describe('newest labelled months before the test months'),
  test: z.int().positive().describe('newest labelled months'),
});

export const DatedTime = strict({
  spine: strict({ table: tableName, date: column }).describe(
    'the table of snapshots: one row an entity and T',
  ),
  observed_to: z
    .union([date, strict({ table: tableName, column })])
    .describe('the last complete day of data, or the densely filled column whose newest date is that day'),
  event: strict({
    table: tableName,
    placed: column,
    completed: column.optional(),
    open_days: z
      .int()
      .positive()
      .default(60)
      .describe('an event without completion counts as open for so many days'),
  }).describe('the event to predict'),
  known: z
    .record(name, KnownTable)
    .default({})
    .describe('history tables that feature SQL may read as known.<name>'),
  split: z.discriminatedUnion('method', [FixedSplit, RollingSplit]),
});

export const Undated = strict({
  table: tableName.describe('one row an entity'),
  target: strict({
    column,
    positive: z.array(z.string()).min(1),
    negative: z.array(z.string()).min(1).optional(),
  }),
  split: z
    .union([
      strict({ method: z.literal('random'), train: share, validation: share, test: share }),
      strict({
        method: z.literal('column'),
        column,
        train: z.array(z.string()),
        validation: z
          .array(z.string())
          .default([])
          .describe('none: a fifth of the training rows, by whole groups of identical rows'),
        test: z.array(z.string()),
      }),
    ])
    .default({ method: 'random', train: 0.6, validation: 0.2, test: 0.2 }),
});

const parameter = z.union([z.string(), z.number(), z.boolean()]);

export const LearnerSettings = strict({
  name: LearnerName.default('lightgbm'),
  parameters: z.record(z.string(), parameter).default({}).describe(LEARNER_PARAMETERS_HELP),
  imbalance: Imbalance.default({ method: 'balanced' }),
  candidates: z
    .array(Candidate)
    .default([])
    .describe('what is tried, from the simplest to the most complex; none: the learner as it stands here'),
  selection: Selection.prefault({}),
  rounds: z.int().positive().default(1000),
  early_stopping_rounds: z.int().positive().default(50),
  seed: z.int().nonnegative().default(42),
  by_horizon: z
    .record(z.string(), z.record(z.string(), parameter))
    .default({})
    .describe('parameters that differ for one horizon, such as "30d"'),
});

export const ValueSettings = strict({
  assumption: z.string().min(1).describe('where these figures come from, said beside every value'),
  currency: z.string().length(3),
  monthly_revenue: z
    .union([
      strict({
        column,
        by: z.record(z.string(), z.number().nonnegative()),
        otherwise: z.number().nonnegative(),
      }),
      strict({ column }),
    ])
    .describe('revenue a month: by the value of a feature, or a feature itself'),
  months: z.number().positive().describe('months of revenue that a saved entity brings'),
  contact_cost: z.number().nonnegative(),
  offer_cost: z.number().nonnegative(),
  acceptance: share.describe('share of contacted entities that accept the offer'),
});

export const Tier = strict({
  name: z.string().min(1),
  horizon: z.int().positive(),
  threshold: share.default(0.5),
  capacity: z.int().nonnegative().optional().describe('how many the tier may hold, for the basis capacity'),
});

export const TierSettings = strict({
  basis: z.enum(['risk_score', 'probability', 'capacity', 'profit']).default('risk_score'),
  ladder: z.array(Tier).min(1).describe('most urgent first; the first tier that applies is taken'),
  otherwise: z.string().min(1).describe('tier of all others'),
});

export const ActionList = strict({
  table: tableName,
  tier: z.string().min(1),
  columns: z.array(column).default([]).describe('features shown beside the score'),
  capacity: z.int().nonnegative().optional().describe('keeps the most urgent; how many were left is said'),
});

/** What the leakage audit can find; each is explained in docs/guides/leakage-audit.md. */
export const LEAK_KINDS = [
  'not_deterministic',
  'same_day',
  'label_window',
  'whole_history',
  'future_filled',
  'later_snapshot',
  'snapshot_after_date',
  'late_arrival',
  'filled_later',
  'target_encoding',
  'reads_target',
  'separates',
  'missingness',
  'open_event',
  'id_order',
  'identical_rows',
  'repeated_rows',
  'label_windows_cross',
] as const;
export type LeakKind = (typeof LEAK_KINDS)[number];

export const Acknowledged = strict({
  feature: column.optional().describe('the feature; left out for a finding about rows or splits'),
  kind: z.enum(LEAK_KINDS).describe('the kind of finding, as the audit names it'),
  reason: z.string().min(10).describe('why it is no leak, for those who read it later'),
});
export type Acknowledged = z.infer<typeof Acknowledged>;

const Audit = strict({
  acknowledged: z
    .array(Acknowledged)
    .default([])
    .describe('findings of the leakage audit that somebody looked at and stands for'),
});

export const PackFile = strict({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_-]*$/, 'lower-case letters, digits, _ and -, beginning with a letter'),
  description: z.string().min(1),
  entity: strict({ name, key: column }),
  sources: z.record(name, Source),
  horizons: z.array(z.int().positive()).min(1).describe('days ahead, ascending'),
  time: DatedTime.optional().describe('for data with dates; exactly one of time and undated'),
  undated: Undated.optional().describe('for one undated row an entity'),
  features: strict({ table: tableName, key_columns: z.array(column).default([]) }).describe(
    'the table that feature SQL makes',
  ),
  cleaning: CleaningSettings.optional().describe(
    'how values of features are cleaned; without it they are left as they are',
  ),
  learner: LearnerSettings.prefault({}),
  value: ValueSettings,
  tiers: TierSettings,
  lists: z.record(name, ActionList),
  evaluation: EvaluationSettings.prefault({}),
  gates: z.array(Gate).default([]).describe('what a model must reach on the test rows'),
  promotion: PromotionSettings.prefault({}).describe(
    'when a model set may take the place of the one in production',
  ),
  dashboard: DashboardSettings.prefault({}).describe('what people see and change in the dashboard'),
  card: ModelCard.optional().describe('what the model report says of its use'),
  audit: Audit.prefault({}),
});
export type PackFile = z.infer<typeof PackFile>;

const FeatureWindow = z.union([
  strict({ days: z.int().positive() }),
  strict({ months: z.int().positive() }),
  z.enum(['snapshot', 'history']),
]);

const ReasonCase = strict({
  from: z.number().optional().describe('smallest value it is said of'),
  below: z.number().optional().describe('first value above those it is said of'),
  is: z.array(z.string()).min(1).optional().describe('categories it is said of'),
  say: z.string().min(1).describe('the sentence'),
});

export const Feature = strict({
  type: z.enum(['numeric', 'categorical']),
  unit: z.string().optional(),
  range: z
    .tuple([z.number().nullable(), z.number().nullable()])
    .optional()
    .describe('smallest and largest plausible value'),
  nullable: z.boolean().default(true),
  source: z.string().min(1).describe('name of the known table it is computed from, or snapshot'),
  window: FeatureWindow.describe('how far back it looks from T'),
  label: z.string().min(1).describe('short name for people'),
  reason: z
    .union([z.string().min(1), z.array(ReasonCase).min(1)])
    .optional()
    .describe(
      'sentence for a reason, or one a range of values, which must not overlap (the last may have no range: all other values); without one for a value the feature is never named as a reason. Replaced: {value}, {size} (without sign), {percent} (size of a share, times 100), {times} (once, twice, 3 times); a word follows its number by {value|day|days}: 1 day, 2 days',
    ),
  group: name
    .optional()
    .describe(
      'features of one group are one reason: their contributions add up and the strongest one speaks',
    ),
  missing: z
    .array(z.number())
    .default([])
    .describe('numbers that stand for a missing value and are never named as a reason'),
});

export const FeaturesFile = strict({ features: z.record(name, Feature) });
export type FeaturesFile = z.infer<typeof FeaturesFile>;

const action = z.enum(['warn', 'drop', 'fail']);
const Expectation = z.union([
  strict({
    name,
    expect: z.string().min(1).describe('SQL condition that a good row fulfils'),
    action,
    description: z.string().optional(),
  }),
  strict({
    name,
    unique: z.array(column).min(1),
    action: z.enum(['warn', 'fail']),
    description: z.string().optional(),
  }),
  strict({
    name,
    casts: strict({
      column,
      from_table: tableName,
      from_column: column,
      missing: z
        .array(z.string())
        .default([])
        .describe('texts of the source that stand for a missing value, without blanks around them'),
    }).describe('values that were there and became NULL'),
    action: z.enum(['warn', 'fail']),
    description: z.string().optional(),
  }),
]);

export const ExpectationsFile = strict({ tables: z.record(tableName, z.array(Expectation)) });
export type ExpectationsFile = z.infer<typeof ExpectationsFile>;

const PlaybookTier = strict({
  action: z.string().min(1),
  owner: z.string().min(1),
  sla: z.string().min(1).describe('in words'),
  sla_hours: z.number().positive().optional().describe('hours from the score date to the contact'),
});

export const PlaybookFile = strict({
  tiers: z.record(z.string(), PlaybookTier),
  drivers: z.record(name, z.string().min(1)).default({}).describe('feature -> intervention'),
});
export type PlaybookFile = z.infer<typeof PlaybookFile>;

export type Source = z.infer<typeof Source>;
export type KnownTable = z.infer<typeof KnownTable>;
export type DatedTime = z.infer<typeof DatedTime>;
export type Undated = z.infer<typeof Undated>;
export type Feature = z.infer<typeof Feature>;
export type Expectation = z.infer<typeof Expectation>;
export type ActionList = z.infer<typeof ActionList>;
export type ValueSettings = z.infer<typeof ValueSettings>;
export type TierSettings = z.infer<typeof TierSettings>;
export type LearnerSettings = z.infer<typeof LearnerSettings>;
