/** The tables that Holdfast itself makes for every pack. A test compares them with a lake that it made. */
import type { Pack } from '../../src/pack/index.ts';

export interface DescribedColumn {
  readonly name: string;
  /** As Delta spells it. */
  readonly type: string;
  readonly meaning: string;
}

export interface DescribedTable {
  readonly name: string;
  readonly grain: string;
  readonly keys: readonly string[];
  readonly partitionBy: readonly string[];
  readonly owner?: string;
  readonly description: string;
  readonly columns: readonly DescribedColumn[];
}

const column = (name: string, type: string, meaning: string): DescribedColumn => ({ name, type, meaning });

/** Labels, training set, scores, action lists and the quality tables. */
export function productTables(pack: Pack, features: readonly DescribedColumn[]): DescribedTable[] {
  const { entity } = pack.file;
  const key = column(entity.key, 'string', `the ${entity.name}`);
  const observed = column('observation_date', 'date', 'T, the date on which the entity is looked at');
  const keys = [entity.key, 'observation_date'];
  return [
    {
      name: 'gold.churn_labels',
      grain: `one row a ${entity.name} and observation date`,
      keys,
      partitionBy: [],
      description: 'Whether the event followed within each horizon; NULL where that is not known yet.',
      columns: [key, observed, ...labelColumns(pack)],
    },
    {
      name: 'gold.churn_training_set',
      grain: `one row a ${entity.name} and observation date`,
      keys,
      partitionBy: [],
      description: 'Features with labels and, a horizon, the split of the row or why it is left out.',
      columns: [...features, ...labelColumns(pack), ...splitColumns(pack)],
    },
    scoresTable(pack, key),
    ...Object.entries(pack.file.lists).map(([name, list]): DescribedTable => {
      const shown = list.columns.map(
        (wanted) => features.find((feature) => feature.name === wanted) ?? column(wanted, 'string', ''),
      );
      return {
        name: list.table,
        grain: `one row a ${entity.name} of tier ${list.tier}`,
        keys: [entity.key],
        partitionBy: [],
        description: `The action list ${name} of the newest scores, the most urgent first, also written to lists/ as CSV.`,
        columns: listColumns(pack, key, shown),
      };
    }),
    ...qualityTables(),
  ];
}

function labelColumns(pack: Pack): DescribedColumn[] {
  return [
    column('at_risk', 'integer', '0 while an event is open at T: not trained on, not scored'),
    ...pack.file.horizons.map((days) =>
      column(
        `churned_in_${String(days)}d`,
        'integer',
        `1: an event was placed in [T, T + ${String(days)}); NULL: not known yet`,
      ),
    ),
  ];
}

function splitColumns(pack: Pack): DescribedColumn[] {
  return pack.file.horizons.flatMap((days) => [
    column(`split_${String(days)}d`, 'string', 'train, stop, calibrate or test; NULL: left out'),
    column(
      `left_out_${String(days)}d`,
      'string',
      'why: open_event, unknown_label, purged, or no_split where a column states the split',
    ),
  ]);
}

function scoresTable(pack: Pack, key: DescribedColumn): DescribedTable {
  const { entity, value } = pack.file;
  return {
    name: 'gold.churn_scores',
    grain: `one row a ${entity.name} at risk and score date`,
    keys: [entity.key, 'score_date'],
    partitionBy: ['score_date'],
    description:
      'Probabilities, risk scores, tier, action, value at risk and reasons of every entity at risk.',
    columns: [
      key,
      column('score_date', 'date', 'observation date of the features that were scored'),
      ...pack.file.horizons.flatMap((days) => {
        const suffix = `${String(days)}d`;
        return [
          column(
            `probability_${suffix}`,
            'double',
            `calibrated probability of leaving within ${String(days)} days`,
          ),
          column(`risk_score_${suffix}`, 'double', '0.5: as likely to leave as the average'),
          column(`risk_decile_${suffix}`, 'integer', '10 is the tenth with the highest risk in training'),
          column(`raw_score_${suffix}`, 'double', "the model's own score, for ranking without ties"),
        ];
      }),
      column('risk_tier', 'string', 'the first tier of the ladder that applies'),
      ...playColumns(),
      ...valueColumns(),
      column('expected_gain', 'double', 'what a contact is expected to gain, after its costs'),
      column('currency', 'string', `of the three amounts, here ${value.currency}`),
      column('model_set', 'integer', 'the model set that scored'),
      column('feature_version', 'long', 'version of the feature table that was scored'),
      column('pack_hash', 'string', 'hash of all files of the pack'),
      ...reasonColumns(),
      ...driverColumns(),
      interventionColumn(),
    ],
  };
}

function listColumns(pack: Pack, key: DescribedColumn, shown: readonly DescribedColumn[]): DescribedColumn[] {
  const [valueAtRisk, remaining] = valueColumns().reverse();
  return [
    column('list_rank', 'integer', '1 is the most urgent'),
    key,
    column('score_date', 'date', 'as in gold.churn_scores'),
    column('risk_tier', 'string', ''),
    ...pack.file.horizons.map((days) => column(`probability_${String(days)}d`, 'double', '')),
    ...[valueAtRisk, remaining].filter((found) => found !== undefined),
    ...reasonColumns(),
    interventionColumn(),
    ...playColumns(),
    ...shown,
    ...driverColumns(),
    column('model_set', 'integer', ''),
  ];
}

const REASONS = [1, 2, 3];

function reasonColumns(): DescribedColumn[] {
  return REASONS.map((number) =>
    column(
      `reason_${String(number)}`,
      'string',
      number === 1
        ? "what raises the score most, from the model of the tier's horizon; NULL where nobody is contacted"
        : 'the next reason, NULL where there is none',
    ),
  );
}

function driverColumns(): DescribedColumn[] {
  return REASONS.map((number) =>
    column(`driver_${String(number)}`, 'string', `the feature that reason ${String(number)} speaks of`),
  );
}

function interventionColumn(): DescribedColumn {
  return column('intervention', 'string', 'what the playbook does about the first driver that it knows');
}

function playColumns(): DescribedColumn[] {
  return [
    column('action', 'string', 'what to do, from the playbook'),
    column('owner', 'string', 'who does it'),
    column('sla', 'string', 'how soon, in words'),
    column('contact_by', 'timestamp', 'score date plus the hours of the playbook; NULL without such'),
  ];
}

function valueColumns(): DescribedColumn[] {
  return [
    column('remaining_value', 'double', 'revenue of the months that the pack counts'),
    column('value_at_risk', 'double', 'probability of the longest horizon x remaining value'),
  ];
}

function qualityTables(): DescribedTable[] {
  const run = column('run_id', 'string', 'as in `holdfast runs`');
  return [
    {
      name: 'quality.expectation_results',
      grain: 'one row a run, table and rule that was checked',
      keys: [],
      partitionBy: [],
      description: 'The outcome of the rules of expectations.yaml and of reading the delivered files.',
      columns: [
        run,
        column('checked_at', 'timestamp', ''),
        column('table_name', 'string', ''),
        column('expectation', 'string', 'name of the rule'),
        column('action', 'string', 'warn, drop or fail'),
        column('status', 'string', 'PASS, WARN or FAIL'),
        column('failed_rows', 'long', ''),
        column('total_rows', 'long', ''),
        column('pass_rate', 'double', '1 - failed / total'),
        column('description', 'string', ''),
      ],
    },
    {
      name: 'quality.quarantined_rows',
      grain: 'one row a row that was left out of a table',
      keys: [],
      partitionBy: [],
      description: 'Malformed rows of delivered files, and rows that a rule drops, as text with the reason.',
      columns: [
        run,
        column('quarantined_at', 'timestamp', ''),
        column('table_name', 'string', 'the table that goes without the row'),
        column('reason', 'string', ''),
        column('source_file', 'string', 'NULL where the row is not one of a file'),
        column('line', 'long', 'from 1, with the header'),
        column('row_text', 'string', ''),
      ],
    },
    {
      name: 'quality.cleaning_results',
      grain: 'one row a run, purpose and feature, where the pack has `cleaning`',
      keys: [],
      partitionBy: [],
      description:
        'What cleaning found in the rows that models were trained on or that were scored, and did to them.',
      columns: [
        run,
        column('checked_at', 'timestamp', ''),
        column(
          'purpose',
          'string',
          'train: the figures were fitted on these rows; score: they were applied to them',
        ),
        column('model_set', 'long', ''),
        column('feature', 'string', ''),
        column('column_type', 'string', 'type in the feature table'),
        column('total_rows', 'long', ''),
        column('missing_rows', 'long', 'values that were not there'),
        column('missing_share', 'double', ''),
        column('impossible_rows', 'long', 'numbers outside the range of features.yaml, taken for missing'),
        column('unseen_rows', 'long', 'categories that the training rows do not have, taken for missing'),
        column('outlier_rows', 'long', 'numbers beyond the fitted bounds'),
        column('replaced_rows', 'long', 'values that the fitted one stands for'),
        column('capped_rows', 'long', 'outliers that were moved to their bound'),
        column('done', 'string', 'what is done, with the fitted figures, in words'),
      ],
    },
  ];
}
