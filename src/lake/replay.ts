import { stat } from 'node:fs/promises';
import type { Engine, TableName } from '../engine/index.ts';
import { HoldfastError, type Progress } from '../kernel/index.ts';
import { applyActions, emptyState, type LoggedCommitInfo, type TableState } from './action.ts';
import { readCheckpoint } from './checkpoint.ts';
import { commitPath, listLog, type LogListing, readCommit } from './log-files.ts';

/** What replaying needs of its surroundings. */
export interface ReplayContext {
  readonly engine: Engine;
  readonly progress: Progress;
  /** Where all commits are there they are read, however many, and no engine is needed for a checkpoint. */
  readonly readsCommits?: boolean;
}

/** The state of a table at a version with what its commit says of itself. */
export interface Replayed {
  readonly state: TableState;
  readonly commitInfo: LoggedCommitInfo | undefined;
  /** Milliseconds since 1970 at which the version was committed. */
  readonly timestamp: number;
  readonly listing: LogListing;
}

/**
 * Replays the log of the table in `folder` up to a version, the newest by default, from the nearest
 * checkpoint that can be read. Undefined where there is no log; HF302, HF306.
 */
export async function replay(
  context: ReplayContext,
  table: TableName,
  folder: string,
  version?: number,
): Promise<Replayed | undefined> {
  const listing = await listLog(folder);
  if (listing.latest < 0) return undefined;
  const target = version ?? listing.latest;
  if (!Number.isInteger(target) || target < 0 || target > listing.latest) {
    throw new HoldfastError('HF302', {
      message: `${table} has no version ${String(target)}`,
      hint: `its newest version is ${String(listing.latest)}`,
    });
  }
  const present = new Set(listing.commits);
  const isWhole = listing.commits.filter((commit) => commit <= target).length === target + 1;
  const state =
    context.readsCommits === true && isWhole
      ? emptyState()
      : await startingPoint(context, table, listing, target);
  let commitInfo: LoggedCommitInfo | undefined;
  let timestamp: number | undefined;
  // The target's own commit is read for its commitInfo even where a checkpoint covers it.
  const first = Math.min(state.version + 1, target);
  for (let next = first; next <= target; next++) {
    if (!present.has(next)) {
      if (next <= state.version) continue;
      throw missingCommit(table, folder, next, target, listing);
    }
    const actions = await readCommit(folder, next);
    if (next > state.version) {
      applyActions(state, actions);
      state.version = next;
    }
    if (next !== target) continue;
    commitInfo = actions.find((action) => action.commitInfo != null)?.commitInfo ?? undefined;
    timestamp = commitInfo?.timestamp ?? (await stat(commitPath(folder, next))).mtimeMs;
  }
  timestamp ??= await checkpointTime(listing, target);
  return { state, commitInfo, timestamp: Math.floor(timestamp), listing };
}

/** The newest readable checkpoint at or before a version, or the empty state. */
async function startingPoint(
  context: ReplayContext,
  table: TableName,
  listing: LogListing,
  target: number,
): Promise<TableState> {
  for (const checkpoint of listing.checkpoints) {
    if (checkpoint.version > target) continue;
    try {
      return await readCheckpoint(context.engine, checkpoint);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      context.progress.warn(
        `checkpoint ${String(checkpoint.version)} of ${table} cannot be read and is passed over: ${why}`,
      );
    }
  }
  return emptyState();
}

async function checkpointTime(listing: LogListing, version: number): Promise<number> {
  const [file] = listing.checkpoints.find((checkpoint) => checkpoint.version === version)?.paths ?? [];
  return file === undefined ? 0 : (await stat(file)).mtimeMs;
}

function missingCommit(
  table: TableName,
  folder: string,
  version: number,
  target: number,
  listing: LogListing,
): HoldfastError {
  // A log whose beginning was cleaned up after a checkpoint is whole; it just does not go back so far.
  const cleanedUp = listing.checkpoints.some((checkpoint) => checkpoint.version > target);
  return cleanedUp
    ? new HoldfastError('HF302', {
        message: `version ${String(target)} of ${table} is no longer in its log`,
        hint: `the oldest version left is about ${String(listing.checkpoints.at(-1)?.version)}`,
      })
    : new HoldfastError('HF306', {
        message: `the log of ${table} lacks version ${String(version)}`,
        hint: 'restore the file from a backup, or remove the table folder and build the table again',
        place: { file: commitPath(folder, version) },
      });
}
