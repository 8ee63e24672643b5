/**
 * What the pack knows of an entity's past: rows of its known tables and its snapshots. A row is there once it is
 * available, and a column that is filled in later is empty until then.
 */
import { type Engine, type Row, textOf, type Value } from '../engine/index.ts';
import { wordsOf } from '../kernel/index.ts';
import type { TableField } from '../lake/index.ts';
import type { Feature, KnownTable, Pack } from '../pack/index.ts';
import type { Customer } from './contract.ts';
import { isEntity } from './entity-rows.ts';
import type { LakeView, LakeViews } from './lake-views.ts';

export interface Timeline {
  /** The newest first. */
  readonly rows: Customer['timeline'];
  readonly leftOut: number;
}

export interface TimelineRequest {
  readonly entity: string;
  /** Last day whose events are known, `YYYY-MM-DD`. */
  readonly until: string;
}

/** Rows that a page shows of all tables. */
const ROWS_AT_MOST = 100;
const FIELDS_AT_MOST = 6;
/** Longest text of a field. */
const LETTERS_AT_MOST = 200;

interface PastTable extends Pick<KnownTable, 'table' | 'date' | 'available_at' | 'columns_available_at'> {
  readonly label: string;
}

/** Empty for a pack without dates. */
export async function readTimeline(
  views: LakeViews,
  pack: Pack,
  request: TimelineRequest,
  most = ROWS_AT_MOST,
): Promise<Timeline> {
  const found = [];
  let total = 0;
  for (const past of pastTables(pack)) {
    const view = await views.newest(past.table);
    if (view === undefined) continue;
    const rows = await rowsOf(views.engine, view, pack.file.entity.key, past, request, most);
    total += Number(rows[0]?.['holdfast_rows'] ?? 0);
    const fields = shownFields(view, pack.file.entity.key, past);
    found.push(...rows.map((row) => timelineRow(past, fields, row, pack.features)));
  }
  // Of one day those of the table that was named first come first.
  const rows = found.sort((a, b) => (a.date < b.date ? 1 : a.date > b.date ? -1 : 0)).slice(0, most);
  return { rows, leftOut: total - rows.length };
}

/** The known tables in the pack's order, then the snapshots where they are none of them. */
function pastTables({ file: { time } }: Pack): PastTable[] {
  if (time === undefined) return [];
  const known = Object.entries(time.known).map(([name, table]) => ({ ...table, label: labelOf(name) }));
  const { table, date } = time.spine;
  if (known.some((other) => other.table === table)) return known;
  const label = labelOf(table.slice(table.indexOf('.') + 1));
  return [...known, { table, date, columns_available_at: {}, label }];
}

/** `monthly_sums` as `Monthly sums`. */
function labelOf(name: string): string {
  const words = wordsOf(name);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function rowsOf(
  engine: Engine,
  view: LakeView,
  keyName: string,
  past: PastTable,
  { entity, until }: TimelineRequest,
  most: number,
): Promise<Row[]> {
  const date = `CAST(${engine.identifier(past.date)} AS DATE)`;
  const available =
    past.available_at === undefined
      ? date
      : // An event cannot be known before it happens, whatever the column says.
        `greatest(${date}, coalesce(CAST(${engine.identifier(past.available_at)} AS DATE), ${date}))`;
  const selected = shownFields(view, keyName, past).map((field) => {
    const column = engine.identifier(field.name);
    const filledBy = past.columns_available_at[field.name];
    if (filledBy === undefined) return column;
    const filled = `CAST(${engine.identifier(filledBy)} AS DATE)`;
    return `CASE WHEN ${filled} <= CAST($until AS DATE) THEN ${column} END AS ${column}`;
  });
  return engine.rows(
    `SELECT ${[...selected, `CAST(${date} AS STRING) AS holdfast_date`, 'count(*) OVER () AS holdfast_rows'].join(', ')}
     FROM ${view.name}
     WHERE ${isEntity(engine, view, keyName)} AND ${available} <= CAST($until AS DATE)
     ORDER BY ${date} DESC LIMIT ${String(most)}`,
    { entity, until },
  );
}

/** Columns that a reader is told of: neither key nor date, nor what a delivery was taken in with. */
const shownFields = ({ snapshot }: LakeView, keyName: string, { date }: PastTable): readonly TableField[] =>
  snapshot.fields.filter(({ name }) => name !== keyName && name !== date && !name.startsWith('_'));

function timelineRow(
  { table, label }: PastTable,
  fields: readonly TableField[],
  row: Row,
  features: Pack['features'],
): Timeline['rows'][number] {
  return {
    date: textOf(row['holdfast_date']),
    source: table,
    label,
    fields: fields
      .filter(({ name }) => isKnown(row[name], features[name]))
      .slice(0, FIELDS_AT_MOST)
      .map(({ name }) => ({ ...wordsFor(name, features[name]), value: shown(row[name]) })),
  };
}

/** Numbers that stand for missing are not told either. */
const isKnown = (value: Value | undefined, feature: Feature | undefined): boolean =>
  value !== null &&
  value !== undefined &&
  !(typeof value === 'number' && feature?.missing.includes(value) === true);

/** A column as the feature of its name is called, with its unit unless the words say it; else its name, as words. */
function wordsFor(name: string, feature: Feature | undefined): { name: string; unit: string | null } {
  if (feature === undefined) return { name: labelOf(name) || name, unit: null };
  const { label, unit = null } = feature;
  const isSaid = unit !== null && label.toLowerCase().includes(unit.toLowerCase());
  return { name: label, unit: isSaid ? null : unit };
}

/** A number in as many digits as were ever measured; what sums of fractions leave behind is cut off. */
function shown(value: Value | undefined): string {
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(10)));
  const text = textOf(value);
  return text.length > LETTERS_AT_MOST ? `${text.slice(0, LETTERS_AT_MOST - 1)}…` : text;
}
