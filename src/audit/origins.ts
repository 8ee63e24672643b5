/** Where every table of a pack comes from, column by column, from the engine's syntax trees. */
import type { ColumnSource, Engine, Lineage, Pooling } from '../engine/index.ts';
import type { Pack } from '../pack/index.ts';

/** A table of the pack as the audit sees it. */
export interface AuditedTable {
  readonly table: string;
  /** Path of its SQL file, for people. */
  readonly path: string;
  readonly sql: string;
  /** Lake tables that it reads, those behind `known.*` included. */
  readonly inputs: readonly string[];
}

export interface Origins {
  /** Lineage of each SQL file, by the table it makes. */
  readonly lineages: ReadonlyMap<string, Lineage>;
  /** The lake table behind each `known.<name>`. */
  readonly behind: ReadonlyMap<string, string>;
  readonly columns: Readonly<Record<string, readonly string[]>>;
}

/** A way from a column down to bronze: every table and column on it, and what it was pooled with. */
export interface Trace {
  /** Of every layer, the column itself left out. */
  readonly sources: readonly ColumnSource[];
  /** Poolings with the table whose SQL has them. */
  readonly pools: readonly (Pooling & { readonly table: string })[];
  readonly unstable: readonly { readonly function: string; readonly table: string }[];
}

const BRONZE_EXTRA = ['_ingested_at', '_source_file'];

/** Reads the lineage of all tables, which come in the order in which they are made. */
export async function readOrigins(
  engine: Engine,
  pack: Pack,
  tables: readonly AuditedTable[],
  knownSources: ReadonlyMap<string, readonly string[]>,
): Promise<Origins> {
  const columns: Record<string, readonly string[]> = {};
  for (const [name, source] of Object.entries(pack.file.sources))
    columns[`bronze.${name}`] = [...Object.keys(source.columns), ...BRONZE_EXTRA];
  const lineages = new Map<string, Lineage>();
  const behind = new Map<string, string>();
  for (const { table, sql } of tables) {
    if (table === pack.file.features.table) {
      for (const [known, names] of knownSources) {
        behind.set(known, tableBehind(pack, known, names));
        const own =
          known === 'known.spine' ? [pack.file.entity.key] : (columns[behind.get(known) ?? ''] ?? []);
        columns[known] = [...new Set([...own, 'observation_date'])];
      }
    }
    const lineage = await engine.lineage(sql, columns);
    lineages.set(table, lineage);
    columns[table] = lineage.columns.map(({ name }) => name);
  }
  return { lineages, behind, columns };
}

/** Sources of known views name the spine too; the table itself is what the pack declares. */
function tableBehind(pack: Pack, known: string, names: readonly string[]): string {
  return pack.file.time?.known[known.slice('known.'.length)]?.table ?? names[0] ?? known;
}

/** Follows a column of a table down to bronze, through known views and all tables between. */
export function traceColumn(origins: Origins, table: string, column: string): Trace {
  const sources = new Map<string, ColumnSource>();
  const pools: (Pooling & { table: string })[] = [];
  const unstable: { function: string; table: string }[] = [];
  const visit = (at: ColumnSource): void => {
    const real = origins.behind.get(at.table) ?? at.table;
    const lineage = origins.lineages.get(real);
    if (lineage === undefined) return;
    const outputs = at.column === '*' ? [] : lineage.columns.filter(({ name }) => name === at.column);
    for (const output of outputs) {
      pools.push(...output.pools.map((pool) => ({ ...pool, table: real })));
      unstable.push(...output.unstable.map((name) => ({ function: name, table: real })));
    }
    const next =
      at.column === '*'
        ? [...new Set(lineage.columns.flatMap((output) => output.sources.map((source) => source.table)))].map(
            (name) => ({ table: name, column: '*' }),
          )
        : outputs.flatMap((output) => output.sources);
    for (const source of next) {
      const name = `${source.table}.${source.column}`;
      if (sources.has(name)) continue;
      sources.set(name, source);
      visit(source);
    }
  };
  visit({ table, column });
  return { sources: [...sources.values()], pools, unstable };
}

/** The bronze columns that a column comes from. */
export function bronzeSources(origins: Origins, table: string, column: string): ColumnSource[] {
  const own = table.startsWith('bronze.') ? [{ table, column }] : [];
  return [
    ...own,
    ...traceColumn(origins, table, column).sources.filter((source) => source.table.startsWith('bronze.')),
  ];
}
