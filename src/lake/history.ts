import { stat } from 'node:fs/promises';
import type { TableName } from '../engine/index.ts';
import { type Add, rowsOf } from './action.ts';
import { readCheckpoint } from './checkpoint.ts';
import { commitPath, listLog, readCommit } from './log-files.ts';
import type { ReplayContext } from './replay.ts';
import { type CommitInfo, toCommitInfo } from './snapshot.ts';

/** One version of a table in its history. */
export interface CommitSummary {
  readonly table: TableName;
  readonly version: number;
  /** Commit time in milliseconds since 1970. */
  readonly timestamp: number;
  readonly operation: string;
  readonly filesAdded: number;
  readonly filesRemoved: number;
  /** null where a writer left no statistics. */
  readonly rowsAdded: number | null;
  readonly rowsRemoved: number | null;
  readonly info: CommitInfo;
}

/** The versions that the log still has commits of, oldest first. */
export async function readHistory(
  context: ReplayContext,
  table: TableName,
  folder: string,
): Promise<CommitSummary[]> {
  const listing = await listLog(folder);
  const rows = new Map<string, number | null>();
  const remember = (add: Add): void => {
    rows.set(add.path, rowsOf(add) ?? null);
  };
  const base = listing.checkpoints.at(-1);
  if (base !== undefined && listing.commits[0] !== 0) {
    // The beginning was cleaned up: only the oldest checkpoint knows the rows of the older files.
    const state = await readCheckpoint(context.engine, base).catch(() => undefined);
    state?.adds.forEach(remember);
    state?.removes.forEach((remove) => rows.set(remove.path, null));
  }
  const summaries: CommitSummary[] = [];
  for (const version of listing.commits) {
    const actions = await readCommit(folder, version);
    const adds = actions.flatMap((action) => action.add ?? []);
    const removes = actions.flatMap((action) => action.remove ?? []);
    adds.forEach(remember);
    const commitInfo = actions.find((action) => action.commitInfo != null)?.commitInfo ?? undefined;
    const info = toCommitInfo(commitInfo);
    summaries.push({
      table,
      version,
      timestamp: Math.floor(commitInfo?.timestamp ?? (await stat(commitPath(folder, version))).mtimeMs),
      operation: info.operation,
      filesAdded: adds.length,
      filesRemoved: removes.length,
      rowsAdded: sumKnown(adds.map((add) => rows.get(add.path) ?? null)),
      rowsRemoved: sumKnown(removes.map((remove) => rows.get(remove.path) ?? null)),
      info,
    });
  }
  return summaries;
}

const sumKnown = (counts: readonly (number | null)[]): number | null =>
  counts.reduce((sum, count) => (sum === null || count === null ? null : sum + count), 0);
