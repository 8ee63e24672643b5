import type { Engine } from '../engine/index.ts';
import { groupDigits, hashOf, type Progress, silentProgress, VERSION } from '../kernel/index.ts';
import { type Freshness, freshnessOf, type Lake } from '../lake/index.ts';
import type { Pack, SqlFile } from '../pack/index.ts';
import type { QualityLog } from '../quality/index.ts';
import { applyDropRules, checkStaged, checkView, type DroppedRows, settle } from './expectations.ts';
import { featureSelect } from './feature-table.ts';
import {
  defineKnownViews,
  defineUndatedViews,
  knownSources,
  rowsOutsideSpine,
  snapshotSpine,
} from './known.ts';
import { dropRepeatedKeys, keepsFirst } from './repeated-keys.ts';
import { type OrderedTable, orderTables } from './table-order.ts';

export interface BuildParts {
  readonly engine: Engine;
  readonly lake: Lake;
  readonly quality: QualityLog;
  readonly pack: Pack;
  readonly runId: string;
  readonly progress?: Progress;
}

/** What happened, or would happen, to one table. */
export interface TableOutcome {
  readonly table: string;
  readonly action: 'built' | 'unchanged';
  /** Why it was built, such as `silver.calls is new`. */
  readonly reason: string;
  readonly version: number;
  readonly rows: number;
}

/** Makes the pack's tables in the order of what they read; skips those whose SQL and inputs are as before. */
export async function build(parts: BuildParts): Promise<TableOutcome[]> {
  const ordered = await orderTables(parts.engine, parts.pack, knownSources(parts.pack));
  const outcomes: TableOutcome[] = [];
  const checked = new Set<string>();
  for (const table of ordered) {
    const state = await freshness(parts, table);
    if (state.reason !== undefined) await checkSources(parts, table, checked);
    outcomes.push(
      state.reason === undefined
        ? {
            table: table.file.table,
            action: 'unchanged',
            reason: 'same SQL, same inputs',
            version: state.version,
            rows: state.rows,
          }
        : await make(parts, table, state, state.reason),
    );
  }
  return outcomes;
}

/** Checks the expectations of the bronze tables that a table reads, each table once. */
async function checkSources(parts: BuildParts, table: OrderedTable, checked: Set<string>): Promise<void> {
  const { engine, lake, quality, pack } = parts;
  for (const input of table.inputs) {
    const expectations = input.startsWith('bronze.') ? (pack.expectations[input] ?? []) : [];
    if (expectations.length === 0 || checked.has(input)) continue;
    checked.add(input);
    const snapshots = await lake.attach([input]);
    const results = await checkView(engine, input, input, snapshots[input]?.rows ?? 0, expectations);
    await settle(quality, parts.progress ?? silentProgress, results);
  }
}

/** What `build` would do now. A table after one that would be built counts as changed too. */
export async function planBuild(
  parts: Pick<BuildParts, 'engine' | 'lake' | 'pack'>,
  changed: ReadonlySet<string>,
): Promise<{ table: string; action: 'build' | 'skip'; reason: string }[]> {
  const rebuilt = new Set(changed);
  const plan: { table: string; action: 'build' | 'skip'; reason: string }[] = [];
  for (const table of await orderTables(parts.engine, parts.pack, knownSources(parts.pack))) {
    const input = [...table.inputs, ...datingTables(parts.pack, table.file)].find((name) =>
      rebuilt.has(name),
    );
    const reason = input === undefined ? (await freshness(parts, table)).reason : `${input} changes`;
    if (reason !== undefined) rebuilt.add(table.file.table);
    plan.push({
      table: table.file.table,
      action: reason === undefined ? 'skip' : 'build',
      reason: reason ?? 'same SQL, same inputs',
    });
  }
  return plan;
}

async function freshness(parts: Pick<BuildParts, 'lake' | 'pack'>, table: OrderedTable): Promise<Freshness> {
  const definition = await definitionOf(parts, table.file);
  return freshnessOf(parts.lake, table.file.table, definition, table.inputs);
}

/** Hash of all that decides a table's rows besides its inputs. */
async function definitionOf(
  { lake, pack }: Pick<BuildParts, 'lake' | 'pack'>,
  file: SqlFile,
): Promise<string> {
  const isFeatures = file.table === pack.file.features.table;
  const isDated = datingTables(pack, file).length > 0;
  return hashOf({
    // Another version may define functions, views and guards otherwise.
    code: VERSION,
    sql: file.text,
    expectations: pack.expectations[file.table] ?? [],
    ...(keepsFirst(pack, file.table) ? { repeatedKeys: 'keep_first' } : {}),
    ...(isFeatures ? { features: pack.features, time: pack.file.time, undated: pack.file.undated } : {}),
    ...(isDated ? { observedOn: await deliveryDay(lake, pack) } : {}),
  });
}

/** The tables whose newest delivery dates the rows of a table: features of an undated pack carry that day. */
function datingTables(pack: Pack, file: SqlFile): string[] {
  const isFeatures = file.table === pack.file.features.table;
  return pack.file.undated === undefined || !isFeatures ? [] : sourceTables(pack);
}

const sourceTables = (pack: Pack): string[] => Object.keys(pack.file.sources).map((name) => `bronze.${name}`);

async function make(
  parts: BuildParts,
  table: OrderedTable,
  state: Freshness,
  reason: string,
): Promise<TableOutcome> {
  const { engine, lake, quality, pack, runId } = parts;
  const progress = parts.progress ?? silentProgress;
  const { file } = table;
  const { header } = file;
  const isFeatures = file.table === pack.file.features.table;
  const task = progress.start(`build ${file.table}`, { total: 100, unit: '%' });
  await lake.attach(table.inputs, state.inputs);
  if (isFeatures) await defineViews(parts);
  const body = isFeatures ? await featureSelect(engine, pack, file) : file.text;
  const expectations = pack.expectations[file.table] ?? [];
  const dropped = await droppedRows(parts, file.table, body);
  const order = header.clusterBy.map((column) => engine.identifier(column)).join(', ');
  const select =
    order === '' ? dropped.select : `SELECT * FROM (${dropped.select}\n) AS rows_to_write ORDER BY ${order}`;
  const snapshot = await lake.write(file.table, select, {
    mode: 'overwrite',
    partitionBy: header.partitionBy,
    description: header.description,
    comments: columnComments(file.text),
    properties: {
      quality: file.table.slice(0, file.table.indexOf('.')),
      grain: header.grain,
      owner: header.owner,
      keys: header.keys.join(', '),
      description: header.description,
    },
    onProgress: (share) => {
      task.update(Math.round(share * 100));
    },
    info: {
      runId,
      operation: 'BUILD',
      inputs: state.inputs,
      holdfast: { definition: await definitionOf(parts, file) },
    },
    expectedVersion: state.version,
    beforeCommit: async (staged) => {
      await settle(quality, progress, [
        ...dropped.results,
        ...(await checkStaged(engine, staged, expectations)),
      ]);
    },
  });
  task.done(`${groupDigits(snapshot.rows)} rows`);
  return { table: file.table, action: 'built', reason, version: snapshot.version, rows: snapshot.rows };
}

/** The rows of a table without those that rules drop, nor, where the pack says so, those that repeat a key. */
async function droppedRows(
  { engine, quality, pack }: BuildParts,
  table: string,
  body: string,
): Promise<DroppedRows> {
  const dropped = await applyDropRules(engine, quality, table, body, pack.expectations[table] ?? []);
  if (!keepsFirst(pack, table)) return dropped;
  const { select, results } = await dropRepeatedKeys(engine, quality, pack, table, dropped.select);
  return { select, results: [...dropped.results, ...results] };
}

async function defineViews(parts: BuildParts): Promise<void> {
  const { engine, lake, pack } = parts;
  if (pack.file.undated === undefined) {
    await defineKnownViews(engine, pack, snapshotSpine(engine, pack));
    for (const { name, rows } of await rowsOutsideSpine(engine, pack))
      parts.progress?.warn(
        `${name}: ${groupDigits(rows)} rows are of a ${pack.file.entity.name} that no snapshot has; features leave them out`,
      );
    return;
  }
  await defineUndatedViews(engine, pack, await deliveryDay(lake, pack));
}

/** An undated pack is observed on the day of its newest delivery. Empty where nothing was delivered yet. */
export async function deliveryDay(lake: Lake, pack: Pack): Promise<string> {
  const days: number[] = [];
  for (const table of sourceTables(pack))
    if (await lake.exists(table)) days.push((await lake.snapshot(table)).timestamp);
  return days.length === 0 ? '' : new Date(Math.max(...days)).toISOString().slice(0, 10);
}

/** Column comments of the SQL text: `... AS name, -- comment`, or `name, -- comment`. */
export function columnComments(sql: string): Record<string, string> {
  const comments: Record<string, string> = {};
  for (const line of sql.split('\n')) {
    const found = /([A-Za-z_][A-Za-z0-9_]*),?\s+--\s+(.+?)\s*$/.exec(line);
    if (found?.[1] !== undefined && found[2] !== undefined) comments[found[1]] = found[2];
  }
  return comments;
}
