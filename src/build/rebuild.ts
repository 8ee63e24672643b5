import type { Engine } from '../engine/index.ts';
import type { Pack } from '../pack/index.ts';
import { keptRows } from './expectations.ts';
import { featureSelect } from './feature-table.ts';
import { defineKnownViews, defineUndatedViews, snapshotSpine } from './known.ts';
import { firstOfEachKey, keepsFirst } from './repeated-keys.ts';
import type { OrderedTable } from './table-order.ts';

/** Those of the ordered tables that the features depend on, themselves included, in order. */
export function featureTables(pack: Pack, ordered: readonly OrderedTable[]): OrderedTable[] {
  const needed = new Set([pack.file.features.table, ...dateTables(pack)]);
  for (const table of [...ordered].reverse())
    if (needed.has(table.file.table)) for (const input of table.inputs) needed.add(input);
  return ordered.filter(({ file }) => needed.has(file.table));
}

const dateTables = (pack: Pack): string[] =>
  pack.file.time === undefined ? [] : [pack.file.time.spine.table];

/**
 * Makes silver tables and features as plain tables of an engine of its own, in which the bronze tables are
 * views that the caller defined. No lake is written, and no expectation is reported; `drop` rules apply.
 */
export async function rebuildFeatures(
  engine: Engine,
  pack: Pack,
  tables: readonly OrderedTable[],
  observedOn: string,
): Promise<void> {
  for (const { file } of tables) {
    const isFeatures = file.table === pack.file.features.table;
    if (isFeatures && pack.file.undated !== undefined) await defineUndatedViews(engine, pack, observedOn);
    else if (isFeatures) await defineKnownViews(engine, pack, snapshotSpine(engine, pack));
    const body = isFeatures ? await featureSelect(engine, pack, file) : file.text;
    const kept = keptRows(body, pack.expectations[file.table] ?? []);
    const rows = keepsFirst(pack, file.table) ? await firstOfEachKey(engine, pack, kept) : kept;
    const [layer = '', name = ''] = file.table.split('.');
    await engine.execute(`CREATE SCHEMA IF NOT EXISTS ${engine.identifier(layer)}`);
    await engine.execute(
      `CREATE OR REPLACE TABLE ${engine.identifier(layer)}.${engine.identifier(name)} AS ${rows}`,
    );
  }
}
