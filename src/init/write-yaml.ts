/** The YAML files of a new pack as text, with a comment on each decision. */
import { stringify } from 'yaml';
import type { DraftColumn, DraftFeature, PackDraft } from './draft.ts';
import { learnerSection } from './learner-section.ts';

/** A text as YAML takes it, quoted where a parser could read something else. */
const scalar = (text: string): string =>
  /[\n\r]/.test(text) ? JSON.stringify(text) : stringify(text, { version: '1.1', lineWidth: 0 }).trim();

const list = (texts: readonly string[]): string => `[${texts.map(flowScalar).join(', ')}]`;

/** Inside brackets a comma or a bracket ends a plain text. */
const flowScalar = (text: string): string =>
  /^[A-Za-z][A-Za-z0-9_ .-]*$/.test(text) ? scalar(text) : JSON.stringify(text);

/** A key of a mapping. */
const yamlKey = (name: string): string =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? scalar(name) : JSON.stringify(name);

const comment = (text: string, indent = ''): string => `${indent}# ${text.replaceAll(/[\r\n]+/g, ' ')}\n`;

export function packYaml(draft: PackDraft): string {
  const { wishes, profile, target, features, value, segments } = draft;
  return [
    comment(`Made by holdfast init from ${profile.name}. Every decision may be changed here; see README.md.`),
    `name: ${wishes.name}\n`,
    `description: ${scalar(`Made from ${profile.name}: one row a customer, without dates.`)}\n`,
    '\nentity:\n  name: customer\n',
    comment(
      profile.key.column === null ? profile.key.why : `${profile.key.column}: ${profile.key.why}`,
      '  ',
    ),
    `  key: ${draft.key}\n`,
    sourceSection(draft),
    '\n',
    comment('Days ahead that the target stands for. The table does not say; nothing else depends on it.'),
    `horizons: [${String(wishes.horizonDays)}]\n`,
    '\nundated:\n  table: silver.customers\n  target:\n',
    `    column: ${draft.targetColumn.name}\n`,
    comment(
      `${String(target.rows.positive)} rows left, ${String(target.rows.negative)} stayed, ${String(target.rows.unknown)} without a label; found ${target.why}.`,
      '    ',
    ),
    `    positive: ${list(target.positive)}\n    negative: ${list(target.negative)}\n`,
    ...(target.leftOut.length === 0
      ? []
      : [comment(`Neither, so without a label: ${target.leftOut.join(', ')}.`, '    ')]),
    comment('By customer and stratified; rows that are equal in all features stay on one side.', '  '),
    '  split: { method: random, train: 0.6, validation: 0.2, test: 0.2 }\n',
    '\nfeatures:\n  table: gold.customer_features\n',
    `  key_columns: [${draft.key}, observation_date]\n\n`,
    cleaningSection(draft),
    learnerSection(),
    '\n',
    comment('What a customer is worth. These figures are assumptions until you put in your own.'),
    `value:\n  assumption: ${scalar(value.assumption)}\n  currency: ${value.currency}\n`,
    value.flat === null
      ? `  monthly_revenue: { column: ${value.column} }\n`
      : `${comment('No column says what a customer pays: the same is assumed for all.', '  ')}  monthly_revenue: { column: ${value.column}, by: {}, otherwise: ${String(value.flat)} }\n`,
    '  months: 12\n  contact_cost: 2\n  offer_cost: 20\n  acceptance: 0.2\n\n',
    comment(
      'A risk score of 0.5 is the risk of the average customer. Thresholds decide how many are contacted.',
    ),
    'tiers:\n  basis: risk_score\n  ladder:\n',
    `    - { name: HIGH, horizon: ${String(wishes.horizonDays)}, threshold: 0.7 }\n`,
    `    - { name: MEDIUM, horizon: ${String(wishes.horizonDays)}, threshold: 0.5 }\n`,
    '  otherwise: LOW\n',
    '\nlists:\n  calls:\n    table: gold.action_list_calls\n    tier: HIGH\n',
    `    columns: ${list(shownColumns(features))}\n`,
    '  mails:\n    table: gold.action_list_mails\n    tier: MEDIUM\n',
    `    columns: ${list(shownColumns(features))}\n`,
    '\nevaluation:\n',
    comment('Metrics are also given for each value of these.', '  '),
    `  segments: ${list(segments)}\n`,
    '\n',
    comment(
      'What a model must reach on the test rows before it may be used: better than chance. Ask for more.',
    ),
    'gates:\n  - { metric: auc_roc, at_least: 0.5 }\n',
    comment('How a newly trained model is compared with the one in use; these are the defaults.'),
    '# promotion: { metric: auc_pr, rule: better, confidence: 0.95, segment_margin: 0.05 }\n',
    '\ncard:\n',
    `  intended_use: ${scalar('To choose whom to contact among the customers of the table, and to see why.')}\n`,
    '  limits:\n',
    `    - ${scalar('The rows have no dates: whether the columns were known before customers left cannot be checked, and how the model holds over time cannot be measured.')}\n`,
    `    - ${scalar('Reasons say what the score rests on, not what causes customers to leave.')}\n`,
    auditSection(draft),
  ].join('');
}

/** Keys that repeat: one row of each is kept, and the build counts the others. */
const cleaningSection = ({ profile: { key } }: PackDraft): string =>
  key.repeated === 0 || key.column === null
    ? ''
    : `${comment(`${String(key.repeated)} rows repeat a key: one row of each customer is kept, the same whichever order they come in; the others are counted and put into quarantine.`)}cleaning:\n  repeated_keys: keep_first\n\n`;

/** The features that tell most, as somebody who calls wants to see them. */
function shownColumns(features: readonly DraftFeature[]): string[] {
  const strength = ({ column: { profile } }: DraftFeature): number =>
    Math.max(profile.separation?.byValue ?? 0, profile.separation?.byBand ?? 0);
  const best = features.toSorted((one, other) => strength(other) - strength(one)).slice(0, 6);
  return features.filter((feature) => best.includes(feature)).map(({ name }) => name);
}

function sourceSection({ wishes, columns, profile }: PackDraft): string {
  const renamed = columns.filter(({ profile: { name }, bronze }) => name !== bronze);
  const format = Object.entries(wishes.format);
  return [
    '\nsources:\n  customers:\n',
    `    files: ${list(wishes.files)}\n`,
    comment('Each delivery is the whole table.', '    '),
    '    delivery: replace\n    grain: one row a customer\n',
    `    description: ${scalar(`The table ${profile.name}, ${String(profile.rows)} rows when the pack was made.`)}\n`,
    ...(format.length === 0
      ? []
      : [
          comment('How the file is written, as it was found.', '    '),
          '    format:\n',
          ...format.map(
            ([key, setting]) =>
              `      ${key}: ${typeof setting === 'number' ? String(setting) : JSON.stringify(setting)}\n`,
          ),
        ]),
    ...(renamed.length === 0
      ? []
      : [
          comment('Names of the file that no table can have.', '    '),
          '    names:\n',
          ...renamed.map(
            ({ profile: { name }, bronze }) => `      ${yamlKey(bronze)}: ${JSON.stringify(name)}\n`,
          ),
        ]),
    '    columns:\n',
    ...columns.map((column) => `${columnComment(column)}      ${yamlKey(column.bronze)}: ${column.type}\n`),
  ].join('');
}

function columnComment({ use, why, profile, isKept }: DraftColumn): string {
  const { name, reading } = profile;
  const said = [
    use === 'key' ? 'tells customers apart' : undefined,
    use === 'target' ? 'the target' : undefined,
    use === 'left_out' ? `left out of the features: ${String(why)}` : undefined,
    isKept ? why : undefined,
    use === 'feature' && reading.says !== null ? reading.says : undefined,
    use === 'feature' && reading.missingWords.length > 0
      ? `missing where it says ${reading.missingWords.map((word) => JSON.stringify(word)).join(', ')}`
      : undefined,
  ].filter((text) => text !== undefined && text !== null);
  return said.length === 0 ? '' : comment(`${name}: ${said.join('; ')}.`, '      ');
}

/** What was taken in although it separates, so that the leakage audit does not stop what somebody asked for. */
function auditSection({ features, profile }: PackDraft): string {
  const kept = features.filter(({ column }) => column.isKept && column.profile.role === 'after_the_fact');
  const entries = kept.flatMap(({ name, column }) =>
    ['separates', 'missingness', 'reads_target'].map(
      (kind) =>
        `    - { feature: ${name}, kind: ${kind}, reason: ${JSON.stringify(`taken in by --keep when the pack was made: ${column.profile.name} is said to be known before a customer leaves`)} }\n`,
    ),
  );
  if (profile.key.tellsTarget)
    entries.push(
      `    - { kind: id_order, reason: ${JSON.stringify('the order of the key tells who left; the key is no feature, and rows are split by a hash')} }\n`,
    );
  return entries.length === 0 ? '' : `\naudit:\n  acknowledged:\n${entries.join('')}`;
}

export function featuresYaml({ features }: PackDraft): string {
  const entries = features.map(({ name, type, unit, range, label, reason, group, column }) =>
    [
      `  ${name}:\n`,
      `    type: ${type}\n`,
      ...(unit === null ? [] : [`    unit: ${scalar(unit)}\n`]),
      ...(range === null
        ? []
        : [`    range: [${range.map((end) => (end === null ? 'null' : String(end))).join(', ')}]\n`]),
      '    source: snapshot\n    window: snapshot\n',
      `    label: ${scalar(label)}\n`,
      ...(group === null
        ? []
        : [comment('Goes with another column; both are one reason.', '    '), `    group: ${group}\n`]),
      `    reason: ${scalar(reason)}\n`,
      ...(column.isKept ? [comment(String(column.why), '    ')] : []),
    ].join(''),
  );
  return `${comment('The feature contract, in the order in which the model sees the features.')}${comment('Units come from names; label and reason are what people read. Put better words here.')}features:\n${entries.join('')}`;
}

export function expectationsYaml(draft: PackDraft): string {
  const { key, target, targetColumn, features } = draft;
  const rules = [
    `    - name: key_is_known\n      expect: ${key} IS NOT NULL\n      action: drop\n`,
    `    - name: one_row_a_customer\n      unique: [${key}]\n      action: fail\n`,
    `    - name: target_is_known\n      expect: ${scalar(`${targetColumn.name} IS NULL OR ${targetColumn.name} IN (${[...target.positive, ...target.negative, ...target.leftOut].map((value) => `'${value.replaceAll("'", "''")}'`).join(', ')})`)}\n      action: warn\n`,
    ...features.flatMap(({ column }) => (column.type === 'STRING' ? castRule(draft, column) : [])),
    ...features.flatMap(({ column: { name, profile: found } }) =>
      found.kind === 'numeric' && (found.numbers?.least ?? -1) >= 0
        ? [
            `    - name: ${ruleName(name, 'is_not_negative')}\n      expect: ${name} IS NULL OR ${name} >= 0\n      action: warn\n`,
          ]
        : [],
    ),
  ];
  return `${comment('Rules about the data: warn says it, drop takes the row out and counts it, fail stops.')}tables:\n  silver.customers:\n${rules.join('')}`;
}

const ruleName = (name: string, says: string): string => `${name}_${says}`;

/** Values that are there and do not cast; only where silver keeps every row, since rows are compared by number. */
function castRule({ profile }: PackDraft, { name, bronze, profile: found }: DraftColumn): string[] {
  if (found.kind !== 'numeric' && found.kind !== 'date') return [];
  if (profile.key.repeated > 0) return [];
  return [
    `    - name: ${ruleName(name, 'is_readable')}\n      casts:\n        column: ${name}\n        from_table: bronze.customers\n        from_column: ${bronze}\n        missing: ${JSON.stringify(['', ...found.reading.missingWords])}\n      action: warn\n`,
  ];
}

export function playbookYaml({ features }: PackDraft): string {
  return `${comment('What is done for each tier, by whom and until when. These are examples: put your own.')}tiers:
  HIGH:
    action: Call and offer what fits the reasons
    owner: Retention team
    sla: 3 days
    sla_hours: 72
  MEDIUM:
    action: Write a personal mail
    owner: Customer care
    sla: 14 days
    sla_hours: 336
  LOW:
    action: No action
    owner: Nobody
    sla: N/A

# What to offer when a feature is the main reason, such as:
#   ${features[0]?.name ?? 'feature'}: Offer something that fits
drivers: {}
`;
}
