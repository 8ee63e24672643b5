import path from 'node:path';
import type { Engine, TableName } from '../engine/index.ts';
import type { Clock, Progress } from '../kernel/index.ts';
import { applyActions, emptyState, type TableState } from './action.ts';
import { writeCheckpoint } from './checkpoint.ts';
import { commitVersion, committedFirst } from './commit.ts';
import { makeActions } from './commit-actions.ts';
import type { DiskEffects } from './disk.ts';
import { LOG_FOLDER } from './log-files.ts';
import { tableFolder } from './names.ts';
import { makePlan, type Plan } from './plan.ts';
import { replay } from './replay.ts';
import { type Snapshot, toSnapshot } from './snapshot.ts';
import { removeStaged, stage, type StagedFiles, syncStaged } from './staging.ts';
import type { StagedWrite, TableWrite } from './table-write.ts';

/** What the lake works with. */
export interface LakeContext {
  readonly root: string;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly disk: DiskEffects;
  readonly progress: Progress;
  readonly readsCommits?: boolean;
}

const DEFAULT_CHECKPOINT_INTERVAL = 10;

/** See `Lake.write`. */
export async function writeTable(
  context: LakeContext,
  table: TableName,
  select: string,
  write: TableWrite,
): Promise<Snapshot> {
  const { engine, disk, root } = context;
  const folder = tableFolder(root, table);
  // The version is pinned before the rows are computed: whatever is committed meanwhile wins.
  const replayed = await replay(context, table, folder);
  const current = replayed?.state ?? emptyState();
  const version = current.version + 1;
  if (write.expectedVersion !== undefined && write.expectedVersion !== current.version)
    throw committedFirst(table, Math.max(0, current.version));
  const plan = makePlan(table, current, await engine.describe(select), write);
  const staged = await stage(engine, table, folder, version, select, {
    partitionBy: plan.partitionColumns,
    ...(write.parts === undefined ? {} : { parts: write.parts }),
    ...(write.onProgress === undefined ? {} : { onProgress: write.onProgress }),
  });
  const actions = await removedOnFailure(staged, async () => {
    const engineInfo = `Holdfast (${engine.name} ${engine.version})`;
    const made = makeActions(table, current, plan, staged, write, { now: context.clock.now(), engineInfo });
    await syncStaged(disk, root, staged);
    await write.beforeCommit?.(describeStaged(engine, table, version, plan, staged, write));
    await commitVersion(disk, table, folder, version, made);
    return made;
  });
  await disk.sync(path.join(folder, LOG_FOLDER));
  await disk.sync(folder);
  applyActions(current, actions);
  current.version = version;
  await checkpointWhereDue(context, table, folder, current);
  const commitInfo = actions.find((action) => action.commitInfo != null)?.commitInfo ?? undefined;
  const timestamp = commitInfo?.timestamp ?? 0;
  return toSnapshot(engine, table, folder, { state: current, commitInfo, timestamp });
}

/** Runs the steps up to the commit; where one fails, the staged files go and the table is as it was. */
async function removedOnFailure<T>(staged: StagedFiles, steps: () => Promise<T>): Promise<T> {
  try {
    return await steps();
  } catch (error) {
    await removeStaged(staged.folder);
    throw error;
  }
}

function describeStaged(
  engine: Engine,
  table: TableName,
  version: number,
  plan: Plan,
  staged: StagedFiles,
  write: TableWrite,
): StagedWrite {
  const { columns, partitionColumns } = plan;
  const files = staged.files.map((file) => ({
    path: path.join(staged.folder, file.path),
    partition: file.partition,
  }));
  return {
    table,
    version,
    mode: write.mode,
    files,
    columns,
    partitionColumns,
    rows: staged.rows,
    bytes: staged.bytes,
    defineView: (name) => engine.defineView(name, files, columns, partitionColumns),
  };
}

/** Writes a checkpoint every so many versions. Its failure costs readers time only, so it is told, not thrown. */
async function checkpointWhereDue(
  context: LakeContext,
  table: TableName,
  folder: string,
  state: TableState,
): Promise<void> {
  const wished = Number(state.metaData?.configuration?.['delta.checkpointInterval']);
  const interval = Number.isInteger(wished) && wished > 0 ? wished : DEFAULT_CHECKPOINT_INTERVAL;
  if (state.version === 0 || state.version % interval !== 0) return;
  try {
    await writeCheckpoint(context.engine, folder, state, context.clock.now());
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    context.progress.warn(`checkpoint ${String(state.version)} of ${table} was not written: ${why}`);
  }
}
