/** Other futures of a world: its raw tables as views that leave rows out, blank columns or change values. */
import { addDays } from '../domain/index.ts';
import type { Column, Engine } from '../engine/index.ts';
import {
  dateOf,
  ENTITIES,
  GIVEN,
  halfOf,
  isText,
  ROW_DATE,
  ROW_HALF,
  ROW_NUMBER,
  type World,
  type WorldSource,
} from './world.ts';

/** One thing about a raw table that the observation date T must not see. */
export type Part =
  | {
      readonly source: string;
      readonly aspect: 'rows';
      readonly window: Window;
      readonly from: string;
      readonly to: string | undefined;
    }
  /** Rows dated before T whose other date `column` is T or later. */
  | { readonly source: string; readonly aspect: 'arrival'; readonly column: string }
  /** Values that are filled in with the date `column`, where that is T or later. */
  | { readonly source: string; readonly aspect: 'column'; readonly column: string };

/** Where rows lie from T on: on T, within the longest label, behind it. */
export type Window = 'same_day' | 'label_window' | 'beyond';

export interface Perturbation {
  readonly date: string;
  /** `delete` takes the future away, `change` puts another one in its place. */
  readonly mode: 'delete' | 'change';
  readonly parts: readonly Part[];
  /** Changes only entities of half 1. */
  readonly onlyOthers?: boolean;
}

/** Everything that T must not see. The entity's own snapshot of T stays. */
export function partsFrom(world: World, date: string, longestHorizon: number): Part[] {
  const next = addDays(date, 1);
  const end = addDays(date, longestHorizon);
  return world.sources.flatMap((source): Part[] => {
    if (source.date === undefined) return [];
    const rows = (window: Window, from: string, to?: string): Part => ({
      source: source.table,
      aspect: 'rows',
      window,
      from,
      to,
    });
    return [
      ...(source.role === 'snapshot' ? [] : [rows('same_day', date, next)]),
      ...(longestHorizon > 1 ? [rows('label_window', next, end)] : []),
      rows('beyond', end),
      ...source.arrivals.map((column): Part => ({ source: source.table, aspect: 'arrival', column })),
      ...source.later.map(({ column }): Part => ({ source: source.table, aspect: 'column', column })),
    ];
  });
}

/** Defines every bronze view of the world: as the rows are, or as a perturbation has them. */
export async function defineBronze(world: World, perturbation?: Perturbation): Promise<void> {
  for (const source of world.sources) {
    const select =
      perturbation === undefined ? plain(world.engine, source) : perturbed(world, source, perturbation);
    const name = world.engine.identifier(source.table.slice('bronze.'.length));
    await world.engine.execute(`CREATE OR REPLACE VIEW bronze.${name} AS ${select}`);
  }
}

const givenTable = (engine: Engine, { table }: WorldSource): string =>
  `${GIVEN}.${engine.identifier(table.slice('bronze.'.length))}`;

const plain = (engine: Engine, source: WorldSource): string =>
  `SELECT ${source.columns.map(({ name }) => engine.identifier(name)).join(', ')} FROM ${givenTable(engine, source)}`;

function perturbed(world: World, source: WorldSource, perturbation: Perturbation): string {
  const { engine } = world;
  const { mode, date } = perturbation;
  const parts = perturbation.parts.filter((part) => part.source === source.table);
  if (parts.length === 0) return plain(engine, source);
  const given = givenTable(engine, source);
  const touched = perturbation.onlyOthers === true ? ` AND ${ROW_HALF} = 1` : '';
  const after = parts.flatMap((part) => afterCondition(engine, source, part, date));
  const future = after.length === 0 ? 'false' : `(coalesce(${after.join(' OR ')}, false)${touched})`;
  const blanked = source.columns.map(({ name, type }) => {
    const by = parts.flatMap((part) => {
      const filled =
        part.aspect === 'column' ? source.later.find(({ column }) => column === part.column) : undefined;
      return filled !== undefined && [filled.column, ...filled.with].includes(name) ? [filled.column] : [];
    });
    const quoted = engine.identifier(name);
    if (by.length === 0) return quoted;
    const open = by
      .map((column) => `${dateOf(engine, source.columns, column)} >= ${day(engine, date)}`)
      .join(' OR ');
    const instead = mode === 'delete' ? `CAST(NULL AS ${type})` : changed(engine, source, { name, type });
    return `CASE WHEN coalesce(${open}, false)${touched} THEN ${instead} ELSE ${quoted} END AS ${quoted}`;
  });
  const kept = `SELECT ${blanked.join(', ')} FROM ${given} WHERE NOT ${future}`;
  if (mode === 'delete') return kept;
  const other = source.columns.map(
    ({ name, type }) => `${changed(engine, source, { name, type })} AS ${engine.identifier(name)}`,
  );
  const moved = `SELECT ${other.join(', ')} FROM ${given} WHERE ${future}`;
  return [kept, moved, ...addedRows(world, source, parts, perturbation.onlyOthers === true)].join(
    '\nUNION ALL\n',
  );
}

const day = (engine: Engine, date: string): string => `CAST(${engine.literal(date)} AS DATE)`;

function afterCondition(engine: Engine, source: WorldSource, part: Part, date: string): string[] {
  if (part.aspect === 'rows') {
    const until = part.to === undefined ? '' : ` AND ${ROW_DATE} < ${day(engine, part.to)}`;
    return [`(${ROW_DATE} >= ${day(engine, part.from)}${until})`];
  }
  if (part.aspect === 'column') return [];
  return [
    `(${ROW_DATE} < ${day(engine, date)} AND ${dateOf(engine, source.columns, part.column)} >= ${day(engine, date)})`,
  ];
}

/** For each entity one row more at the beginning of each window, so that nobody is without a future. */
function addedRows(
  { engine, sources }: World,
  source: WorldSource,
  parts: readonly Part[],
  onlyOthers: boolean,
): string[] {
  const { key, date, rows } = source;
  const dates = parts.flatMap((part) => (part.aspect === 'rows' ? [part.from] : []));
  if (key === undefined || date === undefined || rows === 0 || dates.length === 0 || sources.length === 0)
    return [];
  const type = (name: string): string =>
    source.columns.find((column) => column.name === name)?.type ?? 'VARCHAR';
  return dates.map((from) => {
    const columns = source.columns.map(({ name, type: own }) => {
      const quoted = engine.identifier(name);
      if (name === key) return `CAST(entities.raw AS ${type(key)}) AS ${quoted}`;
      if (name === date || source.arrivals.includes(name))
        return `CAST(${isText(own) ? engine.literal(from) : day(engine, from)} AS ${own}) AS ${quoted}`;
      return `${changed(engine, source, { name, type: own })} AS ${quoted}`;
    });
    return `SELECT ${columns.join(', ')} FROM ${ENTITIES} AS entities
      JOIN ${givenTable(engine, source)} AS given ON given.${ROW_NUMBER} = entities.number % ${String(rows)}
      WHERE ${onlyOthers ? `${halfOf('entities.key')} = 1` : 'true'}`;
  });
}

const LARGE = 1_000_000;
const DAYS_ASIDE = 11;

/** Another value of the same type for a column; the key, the date of the row and Holdfast's own columns stay. */
function changed(engine: Engine, source: WorldSource, { name, type }: Column): string {
  const quoted = engine.identifier(name);
  if (name === source.key || name === source.date || name.startsWith('_')) return quoted;
  const isDate = source.arrivals.includes(name) || source.later.some(({ column }) => column === name);
  if (isDate || /^(DATE|TIMESTAMP)/i.test(type)) {
    const moved = `add_days(${dateOf(engine, source.columns, name)}, ${String(DAYS_ASIDE)})`;
    return `CAST(${moved} AS ${type})`;
  }
  if (/^BOOLEAN/i.test(type)) return `NOT coalesce(${quoted}, false)`;
  if (!isText(type))
    return `CAST(CASE WHEN ${quoted} IS NULL THEN 1 WHEN abs(${quoted}) < ${String(LARGE)} THEN ${quoted} * 2 + 7 ELSE ${quoted} / 2 END AS ${type})`;
  if (source.numberTexts.has(name))
    return `CAST(coalesce(try_cast(trim(${quoted}) AS DECIMAL(18, 3)) * 2 + 7, 7) AS ${type})`;
  const values = source.values[name] ?? [];
  if (values.length < 2) return quoted;
  const cases = values.map((value, index) => `WHEN ${String(index)} THEN ${engine.literal(value)}`);
  return `CASE (${ROW_NUMBER} * 7 + length(coalesce(${quoted}, ''))) % ${String(values.length)} ${cases.join(' ')} END`;
}
