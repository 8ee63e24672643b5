import { type Engine, outsideRead } from '../engine/index.ts';
import { HoldfastError, nearestWord } from '../kernel/index.ts';
import type { Pack, SqlFile } from '../pack/index.ts';

/** A table to make, with what its SQL reads. */
export interface OrderedTable {
  readonly file: SqlFile;
  /** Lake tables that its rows come from; what it reads as `known.x` stands here as the table behind x. */
  readonly inputs: readonly string[];
  /** Names as the SQL says them. */
  readonly reads: readonly string[];
}

const KNOWN_LAYER = 'known.';

/**
 * Orders a pack's SQL files so that each comes after the tables it reads (from the engine's syntax
 * tree). `knownSources` maps `known.<name>` to lake tables. Throws HF402 for a table nobody makes, for
 * reading files, and for feature SQL that reads anything but `known.*`; HF403 for a circle.
 */
export async function orderTables(
  engine: Engine,
  pack: Pack,
  knownSources: ReadonlyMap<string, readonly string[]>,
): Promise<OrderedTable[]> {
  const made = new Map<string, OrderedTable>();
  const sources = Object.keys(pack.file.sources).map((name) => `bronze.${name}`);
  const tables = [...pack.sql.map(({ table }) => table), ...sources];
  for (const file of pack.sql) {
    const reads = await readsOf(engine, file);
    const features = file.table === pack.file.features.table;
    const inputs = reads.flatMap((read) => {
      if (read.startsWith(KNOWN_LAYER) !== features)
        throw new HoldfastError('HF402', {
          message: features ? `feature SQL reads ${read}` : `${read} is for feature SQL only`,
          hint: features
            ? `read known.<table>: it holds what was available before the observation date (known are ${[...knownSources.keys()].join(', ')})`
            : `read the lake table itself`,
          place: { file: file.path, field: read },
        });
      const resolved = features ? knownSources.get(read) : tables.includes(read) ? [read] : undefined;
      if (resolved !== undefined) return resolved;
      const near = nearestWord(read, features ? [...knownSources.keys()] : tables);
      throw new HoldfastError('HF402', {
        message: `it reads ${read}, which neither a source nor a SQL file of the pack makes`,
        hint:
          near === undefined
            ? 'declare the source in pack.yaml or add the SQL file'
            : `did you mean ${near}?`,
        place: { file: file.path, field: read },
      });
    });
    made.set(file.table, { file, reads, inputs: [...new Set(inputs)].sort() });
  }
  return sorted(made);
}

async function readsOf(engine: Engine, file: SqlFile): Promise<readonly string[]> {
  try {
    const references = await engine.references(file.text);
    const outside = outsideRead(references);
    if (outside === undefined) return references.tables;
    throw new HoldfastError('HF402', {
      message: `it reads past the lake with ${outside}()`,
      hint: 'declare a source in pack.yaml and read its bronze table',
      place: { file: file.path, field: outside },
    });
  } catch (cause) {
    if (!(cause instanceof HoldfastError) || cause.code !== 'HF401') throw cause;
    throw new HoldfastError('HF401', {
      message: cause.message,
      ...(cause.hint === undefined ? {} : { hint: cause.hint }),
      place: { file: file.path },
      cause,
    });
  }
}

function sorted(made: ReadonlyMap<string, OrderedTable>): OrderedTable[] {
  const order: OrderedTable[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const visit = (table: OrderedTable, path: readonly string[]): void => {
    const name = table.file.table;
    if (state.get(name) === 'done') return;
    if (state.get(name) === 'open')
      throw new HoldfastError('HF403', {
        message: `tables depend on each other: ${[...path, name].join(' -> ')}`,
        hint: 'let one of them read an earlier table',
        place: { file: table.file.path },
      });
    state.set(name, 'open');
    for (const input of table.inputs) {
      const next = made.get(input);
      if (next !== undefined) visit(next, [...path, name]);
    }
    state.set(name, 'done');
    order.push(table);
  };
  for (const table of [...made.values()].sort((a, b) => (a.file.table < b.file.table ? -1 : 1)))
    visit(table, []);
  return order;
}
