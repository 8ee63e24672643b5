/** The state of the data: what was delivered, what is in the lake, what its rules found, what is missing. */
import { type Engine, textOf } from '../engine/index.ts';
import type { CommitSummary, Lake, Snapshot } from '../lake/index.ts';
import type { Pack } from '../pack/index.ts';
import type { DataHealth } from './contract.ts';
import type { LakeView, LakeViews } from './lake-views.ts';

/** What was delivered of each source of the pack, in its order. */
export async function sourceHealth(lake: Lake, { file }: Pack): Promise<DataHealth['sources']> {
  const sources = [];
  for (const [name, source] of Object.entries(file.sources)) {
    const table = `bronze.${name}`;
    const about = { table, description: source.description };
    if (!(await lake.exists(table))) {
      const columns = Object.entries(source.columns).map(([column, type]) => ({ name: column, type }));
      sources.push({ ...about, files: 0, newest_file: null, rows: 0, delivered_at: null, columns });
      continue;
    }
    const snapshot = await lake.snapshot(table);
    const deliveries = (await lake.history(table)).map((commit) => ({ commit, files: filesOf(commit) }));
    const newest = deliveries.findLast(({ files }) => files.length > 0);
    sources.push({
      ...about,
      files: deliveries.reduce((sum, { files }) => sum + files.length, 0),
      newest_file: newest?.files.at(-1) ?? null,
      rows: snapshot.rows,
      delivered_at: newest === undefined ? null : new Date(newest.commit.timestamp).toISOString(),
      columns: columnsOf(snapshot),
    });
  }
  return sources;
}

/** Names of the files that a commit took in. */
function filesOf({ info }: CommitSummary): string[] {
  const files = info.holdfast['files'];
  if (!Array.isArray(files)) return [];
  return (files as unknown[]).flatMap((file) =>
    typeof file === 'object' && file !== null && 'file' in file && typeof file.file === 'string'
      ? [file.file]
      : [],
  );
}

/** Without those that taking a delivery in adds. */
const columnsOf = ({ fields }: Snapshot): { name: string; type: string }[] =>
  fields
    .filter(({ name }) => !name.startsWith('_'))
    .map(({ name, type }) => ({ name, type: typeof type === 'string' ? type : JSON.stringify(type) }));

/** All tables of the lake, by name. */
export async function tableHealth(lake: Lake): Promise<DataHealth['tables']> {
  const tables = [];
  for (const table of await lake.names()) {
    const { version, rows, bytes, timestamp, description } = await lake.snapshot(table);
    const changedAt = new Date(timestamp).toISOString();
    tables.push({ table, version, rows, bytes, changed_at: changedAt, description: description ?? '' });
  }
  return tables;
}

const STATUSES = ['FAIL', 'WARN', 'PASS'] as const;

/** The newest result of each rule: what failed comes first, then what has the most bad rows. */
export async function expectationHealth(views: LakeViews): Promise<DataHealth['expectations']> {
  const view = await views.newest('quality.expectation_results');
  if (view === undefined) return [];
  const rows = await views.engine.rows(
    `SELECT table_name, expectation, description, action, status, failed_rows, total_rows, checked_at FROM (
       SELECT *, row_number() OVER (PARTITION BY table_name, expectation ORDER BY checked_at DESC) AS place
       FROM ${view.name}) AS results
     WHERE place = 1 ORDER BY failed_rows DESC, table_name, expectation`,
  );
  return rows
    .map((row) => ({
      table: textOf(row['table_name']),
      expectation: textOf(row['expectation']),
      description: textOf(row['description']),
      action: textOf(row['action']),
      status: STATUSES.find((status) => status === row['status']) ?? 'FAIL',
      failed_rows: Number(row['failed_rows']),
      total_rows: Number(row['total_rows']),
      checked_at: new Date(textOf(row['checked_at'])).toISOString(),
    }))
    .sort((a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status));
}

/** The newest day of the features, and how many of its values are missing. */
export interface SnapshotHealth {
  readonly asOf: string;
  readonly rows: number;
  /** Share of missing values by feature. */
  readonly missing: ReadonlyMap<string, number>;
}

/** Undefined where there are no features yet. */
export async function snapshotHealth(
  engine: Engine,
  { features }: Pack,
  view: LakeView | undefined,
): Promise<SnapshotHealth | undefined> {
  if (view === undefined) return undefined;
  const names = Object.keys(features).filter((name) =>
    view.snapshot.fields.some((field) => field.name === name),
  );
  const counts = names.map((name, index) => `count(${engine.identifier(name)}) AS known_${String(index)}`);
  const [row] = await engine.rows(
    `SELECT ${['CAST(max(observation_date) AS STRING) AS day', 'count(*) AS n', ...counts].join(', ')}
     FROM ${view.name} WHERE observation_date = (SELECT max(observation_date) FROM ${view.name})`,
  );
  const rows = Number(row?.['n'] ?? 0);
  if (row === undefined || rows === 0) return undefined;
  const missing = names.map((name, index): [string, number] => [
    name,
    1 - Number(row[`known_${String(index)}`]) / rows,
  ]);
  return { asOf: textOf(row['day']), rows, missing: new Map(missing) };
}

/** Missing shares that cleaning found in the training rows of a set, by feature: the model has others in their place. */
export async function cleanedMissing(
  views: LakeViews,
  modelSet: number,
): Promise<ReadonlyMap<string, number>> {
  const view = await views.newest('quality.cleaning_results');
  if (view === undefined) return new Map();
  const rows = await views.engine.rows(
    `SELECT feature, missing_share FROM ${view.name}
     WHERE purpose = 'train' AND model_set = $modelSet ORDER BY checked_at`,
    { modelSet },
  );
  return new Map(rows.map((row) => [textOf(row['feature']), Number(row['missing_share'])]));
}
