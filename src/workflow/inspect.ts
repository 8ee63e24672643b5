/** Read-only looks at a workspace: what is in the lake, what would run, a query. */
import { planBuild } from '../build/index.ts';
import { outsideRead, type Row } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import { planIngest } from '../ingest/index.ts';
import { SCORES_TABLE } from '../decide/index.ts';
import type { CommitSummary, Lake } from '../lake/index.ts';
import { LABELS_TABLE, TRAINING_TABLE } from '../prepare/index.ts';
import type { Context } from './context.ts';
import { needsTraining } from './models/promote-trained.ts';
import { attachLogs, isLog } from './logs-as-tables.ts';

/** One table of the lake as it is now. */
export interface TableListing {
  readonly table: string;
  readonly version: number;
  readonly rows: number;
  readonly bytes: number;
  readonly files: number;
  /** ISO 8601, UTC. */
  readonly changedAt: string;
  readonly description: string;
}

/** All tables of the lake, sorted by name. */
export async function listTables({ lake }: Context): Promise<TableListing[]> {
  const listings: TableListing[] = [];
  for (const table of await lake.names()) {
    const snapshot = await lake.snapshot(table);
    listings.push({
      table,
      version: snapshot.version,
      rows: snapshot.rows,
      bytes: snapshot.bytes,
      files: snapshot.files.length,
      changedAt: new Date(snapshot.timestamp).toISOString(),
      description: snapshot.description ?? '',
    });
  }
  return listings;
}

/** The versions of one table, oldest first. */
export async function tableHistory({ lake }: Context, table: string): Promise<CommitSummary[]> {
  return lake.history(table);
}

/**
 * Runs one SELECT over lake tables and the logs of the service (`serving.predictions`, `serving.work` and others). HF405
 * for anything else: another statement, a file, a function that reads past the lake. `version` pins every table the query names that has such a version.
 */
export async function queryLake(
  context: Context,
  sql: string,
  version?: number,
): Promise<{ columns: string[]; rows: Row[] }> {
  const { engine, lake, config } = context;
  const references = await engine.references(sql).catch((cause: unknown) => {
    throw new HoldfastError('HF405', {
      message: cause instanceof Error ? cause.message : String(cause),
      hint: 'write one SELECT over lake tables, such as SELECT count(*) FROM gold.churn_scores',
      cause,
    });
  });
  const outside = outsideRead(references);
  if (outside !== undefined)
    throw new HoldfastError('HF405', {
      message: `the query calls ${outside}(), which reads past the lake`,
      hint: 'read tables of the lake only; holdfast tables lists them',
    });
  const versions =
    version === undefined
      ? {}
      : Object.fromEntries(
          references.tables.filter((table) => !isLog(table)).map((table) => [table, version]),
        );
  await attachLogs(engine, config, references.tables);
  const tables = references.tables.filter((table) => !isLog(table));
  await lake.attach(tables, versions);
  const columns = (await engine.describe(sql)).map(({ name }) => name);
  return { columns, rows: await engine.rows(sql) };
}

/** What `run` would do now, step by step, and why. */
export interface PlannedStep {
  readonly step: string;
  readonly action: 'run' | 'skip';
  readonly reason: string;
}

export async function planRun(context: Context, retrain: boolean): Promise<PlannedStep[]> {
  const { engine, lake, pack, folders, registry } = context;
  const plan: PlannedStep[] = [];
  const changed = new Set<string>();
  for (const { table, fresh, known } of await planIngest(lake, pack, folders.landing)) {
    if (fresh.length > 0) changed.add(table);
    plan.push({
      step: `ingest ${table}`,
      action: fresh.length > 0 ? 'run' : 'skip',
      reason:
        fresh.length > 0
          ? `new: ${fresh.slice(0, 3).join(', ')}${fresh.length > 3 ? ` and ${String(fresh.length - 3)} more` : ''}`
          : `${String(known)} files, all taken before`,
    });
  }
  let derived = false;
  for (const { table, action, reason } of await planBuild({ engine, lake, pack }, changed)) {
    derived ||= action === 'build';
    plan.push({ step: `build ${table}`, action: action === 'build' ? 'run' : 'skip', reason });
  }
  for (const table of [LABELS_TABLE, TRAINING_TABLE]) {
    const missing = !(await lake.exists(table));
    plan.push({
      step: `prepare ${table}`,
      action: derived || missing ? 'run' : 'skip',
      reason: missing
        ? 'there is no such table yet'
        : derived
          ? 'its inputs change'
          : 'same inputs, unless its settings changed',
    });
  }
  const { champion, challenger } = await registry.state();
  const set = champion ?? challenger;
  const trains = set === null || retrain || (await needsTraining(context));
  plan.push({
    step: 'train',
    action: trains ? 'run' : 'skip',
    reason:
      set === null
        ? 'there is no model set yet'
        : retrain
          ? 'asked for with --retrain'
          : trains
            ? 'no set is in use, and the training set has changed'
            : `model set ${String(set)} is kept`,
  });
  const promotes = trains || champion === null;
  plan.push({
    step: 'promote',
    action: promotes ? 'run' : 'skip',
    reason: promotes
      ? 'the gates decide whether the new set is used'
      : `model set ${String(champion)} stays champion`,
  });
  const scored = await scoredBy(lake);
  const isOther = scored !== undefined && scored !== champion;
  const scores = promotes || derived || isOther;
  plan.push({
    step: 'score',
    action: scores ? 'run' : 'skip',
    reason: isOther
      ? `the newest scores are of model set ${String(scored)}`
      : scores
        ? 'features or models change'
        : 'same features, same models, unless settings changed',
  });
  plan.push({
    step: 'lists',
    action: 'run',
    reason: 'written from the newest scores; the tables change only with them',
  });
  return plan;
}

/** The model set of the newest scores; undefined where there are none. */
async function scoredBy(lake: Lake): Promise<number | undefined> {
  if (!(await lake.exists(SCORES_TABLE))) return undefined;
  const { modelSet } = (await lake.snapshot(SCORES_TABLE)).info.holdfast;
  return typeof modelSet === 'number' ? modelSet : undefined;
}
