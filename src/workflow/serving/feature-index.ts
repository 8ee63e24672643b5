/** The features of everybody at risk on the newest day, in memory: what is looked up for a key. */
import { remainingValueExpression } from '../../decide/index.ts';
import { type Engine, type NumericTable, textOf } from '../../engine/index.ts';
import type { Progress } from '../../kernel/index.ts';
import type { Lake, TableField } from '../../lake/index.ts';
import {
  type EncodedRow,
  type FeatureEncoding,
  requireFeatures,
  rowReader,
  toldSelect,
} from '../../model/index.ts';
import type { Pack } from '../../pack/index.ts';
import { LABELS_TABLE } from '../../prepare/index.ts';
import { checkWholeSnapshot, newestDay, rowsOfDay } from '../rows-to-score.ts';
import { type KeyTable, keyTable, placeOf } from './key-table.ts';

export interface FeatureIndex {
  /** Day of the snapshot, `YYYY-MM-DD`. */
  readonly asOf: string;
  readonly rows: number;
  /** The row of a key, with its remaining value (NaN where it is not known); undefined for a key that is not there. */
  readonly find: (key: string) => (EncodedRow & { readonly worth: number }) | undefined;
}

export interface FeatureIndexParts {
  readonly engine: Engine;
  readonly lake: Lake;
  readonly pack: Pack;
  readonly progress: Progress;
}

/** Versions of the tables that an index is made of; undefined where one of them is not there yet. */
export async function indexVersions(lake: Lake, pack: Pack): Promise<Record<string, number> | undefined> {
  const versions: Record<string, number> = {};
  for (const table of [pack.file.features.table, LABELS_TABLE]) {
    if (!(await lake.exists(table))) return undefined;
    versions[table] = (await lake.snapshot(table)).version;
  }
  return versions;
}

/** What an index is made of: plain data over shared memory, so that one thread reads it and another looks keys up. */
export interface IndexData {
  readonly asOf: string;
  readonly table: NumericTable;
  readonly keys: KeyTable;
}

/** Keys a query, so that few are there as objects at a time. */
const PAGE_KEYS = 20_000;

/**
 * Reads the features as of some versions for an encoding, in the thread that calls. What may be told of a row is kept
 * as doubles: 200,000 rows of 32 features take about 60 MB with their keys. HF207 where the newest snapshot is a stray
 * one, HF504 where the table does not fit the encoding.
 */
export async function readFeatureIndex(
  parts: FeatureIndexParts,
  encoding: FeatureEncoding,
  versions: Readonly<Record<string, number>>,
): Promise<IndexData> {
  const { engine, lake, pack } = parts;
  await lake.attach(Object.keys(versions), versions);
  const asOf = await newestDay(engine, pack);
  await checkWholeSnapshot(parts, asOf);
  const key = engine.identifier(pack.file.entity.key);
  await engine.execute(`CREATE OR REPLACE TEMPORARY VIEW served_rows AS ${rowsOfDay(engine, pack, asOf, 1)}`);
  await requireFeatures(engine, encoding, 'served_rows');
  const table = await engine.numeric(
    toldSelect(engine, encoding, {
      table: 'served_rows',
      extra: [`${remainingValueExpression(engine, pack.file.value)} AS holdfast_worth`],
      orderBy: `rows.${key}`,
    }),
  );
  await engine.execute(
    `CREATE OR REPLACE TEMPORARY TABLE served_keys AS
     SELECT CAST(${key} AS STRING) AS served_key, row_number() OVER (ORDER BY ${key}) - 1 AS place FROM served_rows`,
  );
  const keys: string[] = [];
  for (let from = 0; from < table.rows; from += PAGE_KEYS) {
    const page = await engine.rows(
      'SELECT served_key, place FROM served_keys WHERE place >= $from AND place < $to',
      { from, to: from + PAGE_KEYS },
    );
    for (const row of page) keys[Number(row['place'])] = textOf(row['served_key']);
  }
  return { asOf, table, keys: keyTable(keys) };
}

/** Looks keys up in what `readFeatureIndex` read, here or in another thread. */
export function featureIndex({ asOf, table, keys }: IndexData, encoding: FeatureEncoding): FeatureIndex {
  const read = rowReader(encoding, table);
  return {
    asOf,
    rows: table.rows,
    find(key) {
      const place = placeOf(keys, key);
      if (place === undefined) return undefined;
      const { extra, ...row } = read(place);
      return { ...row, worth: extra[0] ?? Number.NaN };
    },
  };
}

const WHOLE_TYPES: readonly unknown[] = ['byte', 'short', 'integer', 'long'] satisfies TableField['type'][];

/** Features whose column in the lake holds whole numbers only; none where there is no table. */
export async function wholeFeatures(lake: Lake, pack: Pack): Promise<ReadonlySet<string>> {
  const { table } = pack.file.features;
  if (!(await lake.exists(table))) return new Set();
  const { fields } = await lake.snapshot(table);
  return new Set(fields.filter(({ type }) => WHOLE_TYPES.includes(type)).map(({ name }) => name));
}
