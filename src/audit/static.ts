/** What the SQL itself says: functions that change from run to run, and values pooled over all of time. */
import type { Pack } from '../pack/index.ts';
import type { Finding } from './finding.ts';
import { type AuditedTable, type Origins, traceColumn } from './origins.ts';

/** A value that is pooled over rows of all dates; a leak only where rebuilding shows that the future counts. */
export interface TimelessPool {
  readonly feature: string;
  /** Table whose SQL pools, with the path of its file. */
  readonly table: string;
  readonly path: string;
  /** Such as `avg`. */
  readonly function: string;
}

/** Features that go through a function of the clock, of chance or of the session. */
export function unstableFindings(pack: Pack, origins: Origins, tables: readonly AuditedTable[]): Finding[] {
  const findings: Finding[] = [];
  for (const feature of Object.keys(pack.features)) {
    const trace = traceColumn(origins, pack.file.features.table, feature);
    const own = new Map(
      trace.unstable.map(({ function: name, table }) => [`${table} ${name}`, { name, table }]),
    );
    // A filter or a join is in no column's origin: it touches every feature that reads the table.
    const passed = new Set([
      pack.file.features.table,
      ...trace.sources.map(({ table }) => origins.behind.get(table) ?? table),
    ]);
    for (const { table } of tables) {
      if (!passed.has(table)) continue;
      const lineage = origins.lineages.get(table);
      const inColumns = new Set(lineage?.columns.flatMap(({ unstable }) => unstable));
      for (const name of lineage?.unstable ?? [])
        if (!inColumns.has(name)) own.set(`${table} ${name}`, { name, table });
    }
    if (own.size === 0) continue;
    const said = [...own.values()].map(
      ({ name, table }) => `${name} in ${tables.find((item) => item.table === table)?.path ?? table}`,
    );
    findings.push({
      kind: 'not_deterministic',
      feature,
      evidence: `its value depends on when or how the SQL runs: ${said.join(', ')}`,
    });
  }
  return findings;
}

/** Values that tables below the feature SQL pool over rows of all dates, for each feature that shows them. */
export function timelessPools(
  pack: Pack,
  origins: Origins,
  tables: readonly AuditedTable[],
  isDate: (table: string, column: string) => boolean,
): TimelessPool[] {
  return Object.keys(pack.features).flatMap((feature) => {
    const found = new Map<string, TimelessPool>();
    for (const pool of traceColumn(origins, pack.file.features.table, feature).pools) {
      if (pool.table === pack.file.features.table || !pool.looksAhead) continue;
      if (pool.by.some(({ table, column }) => isDate(table, column))) continue;
      const path = tables.find(({ table }) => table === pool.table)?.path ?? pool.table;
      found.set(`${pool.table} ${pool.function}`, {
        feature,
        table: pool.table,
        path,
        function: pool.function,
      });
    }
    return [...found.values()];
  });
}
