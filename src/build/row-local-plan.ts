/** Whether a pack's features are made of an entity's own row alone, and of which columns of its source. */
import type { Engine, Lineage } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { Pack, Source, SqlFile } from '../pack/index.ts';
import { keptRows } from './expectations.ts';
import { knownSources, OBSERVATION_DATE } from './known.ts';
import { featureTables } from './rebuild.ts';
import { type OrderedTable, orderTables } from './table-order.ts';

export interface RowLocalPlan {
  readonly source: Source;
  /** The bronze table of the source. */
  readonly bronze: string;
  /** Tables to make in order; the feature table is the last one. */
  readonly tables: readonly OrderedTable[];
  /** The source's column that becomes the key. */
  readonly keyColumn: string;
  /** Columns of the source that features are made of, in its order; the key is none of them. */
  readonly needed: readonly string[];
}

/**
 * Plans the features of one row. HF207 for a pack with dates; HF402, naming the SQL file and what it does, where a
 * row of features takes more than one row of one source, or depends on the key, the clock or the delivery.
 */
export async function planRowLocal(engine: Engine, pack: Pack): Promise<RowLocalPlan> {
  const { undated } = pack.file;
  if (undated === undefined)
    throw new HoldfastError('HF207', {
      message: `the pack ${pack.file.name} has dates: its features need the history of a ${pack.file.entity.name}, not a row`,
      hint: 'take features of an entity from the feature table',
      place: { field: 'time' },
    });
  const known = knownSources(pack);
  const tables = featureTables(pack, await orderTables(engine, pack, known));
  const read = new Set(tables.flatMap(({ inputs }) => inputs.filter((input) => input.startsWith('bronze.'))));
  const [bronze = ''] = read;
  const source = pack.file.sources[bronze.slice('bronze.'.length)];
  if (read.size !== 1 || source === undefined)
    throw new HoldfastError('HF402', {
      message: `features are made of ${[...read].sort().join(', ')}, which are several sources`,
      hint: 'a row of features can be made on request only where it is made of one row of one source',
      place: { field: pack.file.features.table },
    });
  for (const table of tables) await checkRowLocal(engine, pack, table);
  const origins = await readOrigins(engine, pack, tables, bronze, source);
  return { source, bronze, tables, ...columnsOf(pack, source, origins) };
}

async function checkRowLocal(engine: Engine, pack: Pack, { file, inputs }: OrderedTable): Promise<void> {
  if (inputs.length !== 1)
    throw refusal(file, `it reads ${inputs.length === 0 ? 'no table' : inputs.join(' and ')}`);
  const across = await engine.acrossRows(keptRows(file.text, pack.expectations[file.table] ?? []));
  if (across.length > 0) throw refusal(file, `it has ${across.join(', ')}`);
}

function refusal(file: SqlFile, what: string): HoldfastError {
  return new HoldfastError('HF402', {
    message: `${file.table} cannot be made of one row alone: ${what}`,
    hint: 'features on request need SQL that makes each row of one row, without joins, aggregates and windows',
    place: { file: file.path },
  });
}

/** The columns of the source behind each column of a table. */
type Origins = ReadonlyMap<string, ReadonlySet<string>>;

async function readOrigins(
  engine: Engine,
  pack: Pack,
  tables: readonly OrderedTable[],
  bronze: string,
  source: Source,
): Promise<Origins> {
  const bronzeColumns = [...Object.keys(source.columns), ...DELIVERY_COLUMNS];
  let behind: Origins = new Map(bronzeColumns.map((name) => [name, new Set([name])]));
  const columns: Record<string, string[]> = { [bronze]: bronzeColumns };
  const made = new Map<string, Origins>([[bronze, behind]]);
  for (const { file, reads, inputs } of tables) {
    const [input = ''] = inputs;
    behind = made.get(input) ?? behind;
    for (const name of reads) columns[name] = [...behind.keys(), OBSERVATION_DATE];
    const lineage = await engine.lineage(file.text, columns);
    if (lineage.unstable.length > 0) throw refusal(file, `it calls ${lineage.unstable.join(', ')}`);
    const own = originsOf(lineage, behind);
    made.set(file.table, own);
    columns[file.table] = [...own.keys()];
  }
  return made.get(pack.file.features.table) ?? new Map();
}

function originsOf({ columns }: Lineage, behind: Origins): Origins {
  return new Map(
    columns.map(({ name, sources }) => [
      name,
      new Set(sources.flatMap(({ column }) => [...(behind.get(column) ?? [])])),
    ]),
  );
}

/** Columns that ingest adds to those of a source. */
const DELIVERY_COLUMNS = ['_ingested_at', '_source_file'];

function columnsOf(pack: Pack, source: Source, origins: Origins): Pick<RowLocalPlan, 'keyColumn' | 'needed'> {
  const [keyColumn, ...others] = origins.get(pack.file.entity.key) ?? [];
  if (keyColumn === undefined || others.length > 0)
    throw new HoldfastError('HF402', {
      message: `the key ${pack.file.entity.key} is not made of one column of the source`,
      hint: 'let the SQL take the key from one column',
      place: { field: pack.file.entity.key },
    });
  const needed = new Set<string>();
  for (const name of Object.keys(pack.features))
    for (const column of origins.get(name) ?? []) {
      if (column === keyColumn || DELIVERY_COLUMNS.includes(column))
        throw new HoldfastError('HF402', {
          message: `the feature ${name} is made of ${column}, which says nothing of what the ${pack.file.entity.name} is like`,
          hint: 'make the feature of other columns',
          place: { field: name },
        });
      needed.add(column);
    }
  return { keyColumn, needed: Object.keys(source.columns).filter((name) => needed.has(name)) };
}
