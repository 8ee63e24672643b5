/** The SQL files of a new pack as text. */
import type { DraftColumn, PackDraft } from './draft.ts';

/** Typed and cleaned, one row a customer. */
export function silverSql(draft: PackDraft): string {
  const { key, keyColumn, columns } = draft;
  const used = columns.filter(({ use }) => use !== 'left_out' && use !== 'key');
  const selected = [
    { sql: keyColumn === undefined ? key : `${valueSql(keyColumn)} AS ${key}`, says: '' },
    ...used.map((column) => ({ sql: `${valueSql(column)} AS ${column.name}`, says: columnComment(column) })),
  ];
  const lines = selected.map(
    ({ sql, says }, index) => `${sql}${index < selected.length - 1 ? ',' : ''}${says}`,
  );
  const header = [
    '-- grain: one row a customer',
    '-- owner: data team',
    `-- keys: ${key}`,
    `-- cluster_by: ${key}`,
    '-- description: Customers with trimmed texts, blanks as NULL, and columns with their types.',
  ];
  const body = (from: string): string => `SELECT\n  ${lines.join('\n  ')}\nFROM ${from}\n`;
  if (keyColumn === undefined) return `${header.join('\n')}\n${fingerprinted(draft)}${body('numbered')}`;
  return `${header.join('\n')}\n${body('bronze.customers')}`;
}

/** Rows without a key are named by what they hold; equal rows by a number each. */
function fingerprinted({ columns }: PackDraft): string {
  const content = contentOf(columns.filter(({ use }) => use !== 'target'));
  const target = columns.find(({ use }) => use === 'target')?.bronze ?? '';
  return `-- No column tells customers apart: a row is named by a fingerprint of its values without the target.
WITH fingerprinted AS (
  SELECT
    *,
    md5(${content}) AS fingerprint
  FROM bronze.customers
),
numbered AS (
  SELECT
    *,
    substr(fingerprint, 1, 16) || '-'
      || CAST(row_number() OVER (PARTITION BY fingerprint ORDER BY ${target}) AS STRING) AS row_key
  FROM fingerprinted
)
`;
}

const contentOf = (columns: readonly DraftColumn[]): string =>
  `concat(${columns.map(({ bronze }) => `coalesce(CAST(${bronze} AS STRING), '~')`).join(`, '|',\n      `)})`;

function valueSql({ bronze, type, use, profile }: DraftColumn): string {
  if (use === 'target') return `trim(${bronze})`;
  if (type !== 'STRING') return bronze;
  return profile.reading.sql.replaceAll('{column}', bronze);
}

function columnComment({ use, profile }: DraftColumn): string {
  if (use === 'target') return ' -- the target';
  const said = [profile.unit, profile.reading.says].filter((text) => text !== null);
  return said.length === 0 ? '' : ` -- ${said.join('; ')}`;
}

/** The features of a customer on the day of the delivery. */
export function goldSql({ key, features }: PackDraft): string {
  const lines = features.map(({ name, column }) =>
    column.profile.kind === 'date' ? `days_between(${column.name}, observation_date) AS ${name}` : name,
  );
  return `-- grain: one row a customer and observation date
-- owner: data team
-- keys: ${key}, observation_date
-- cluster_by: ${key}
-- description: What is known of a customer on the day of the delivery.
SELECT
  ${[key, 'observation_date', ...lines].join(',\n  ')}
FROM known.customers
`;
}
