import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Action, parseActions } from './action.ts';
import { unlessMissing } from './disk.ts';

/** The folder of a table's log. */
export const LOG_FOLDER = '_delta_log';

/** A checkpoint of the classic kind, in one file or several. */
export interface CheckpointFiles {
  readonly version: number;
  readonly paths: readonly string[];
}

/** What lies in a table's log folder. */
export interface LogListing {
  /** Versions that have a commit file, ascending. */
  readonly commits: readonly number[];
  /** Complete checkpoints, newest first. */
  readonly checkpoints: readonly CheckpointFiles[];
  /** The newest version, -1 where there is none. */
  readonly latest: number;
}

const COMMIT = /^(\d{20})\.json$/;
const CHECKPOINT = /^(\d{20})\.checkpoint(?:\.(\d{10})\.(\d{10}))?\.parquet$/;

/** The file of a version's commit. */
export function commitPath(folder: string, version: number): string {
  return path.join(folder, LOG_FOLDER, `${String(version).padStart(20, '0')}.json`);
}

/** Lists the log of the table in `folder`; a missing folder gives an empty listing. */
export async function listLog(folder: string): Promise<LogListing> {
  const logFolder = path.join(folder, LOG_FOLDER);
  const names = (await unlessMissing(readdir(logFolder), [])).sort();
  const commits: number[] = [];
  const checkpoints = new Map<string, { version: number; parts: number; paths: string[] }>();
  for (const name of names) {
    const commit = COMMIT.exec(name);
    if (commit !== null) commits.push(Number(commit[1]));
    const checkpoint = CHECKPOINT.exec(name);
    if (checkpoint === null) continue;
    const [, version = '', , parts = ''] = checkpoint;
    const key = `${version}/${parts}`;
    const entry = checkpoints.get(key) ?? {
      version: Number(version),
      parts: parts === '' ? 1 : Number(parts),
      paths: [],
    };
    entry.paths.push(path.join(logFolder, name));
    checkpoints.set(key, entry);
  }
  const complete = [...checkpoints.values()]
    .filter((entry) => entry.paths.length === entry.parts)
    .sort((a, b) => b.version - a.version);
  const latest = Math.max(-1, commits.at(-1) ?? -1, complete[0]?.version ?? -1);
  return { commits, checkpoints: complete, latest };
}

/** The actions of one commit. */
export async function readCommit(folder: string, version: number): Promise<Action[]> {
  const file = commitPath(folder, version);
  return parseActions(file, (await readFile(file, 'utf8')).split('\n'));
}
