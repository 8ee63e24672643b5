import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Engine, openDuckDb } from '../../src/engine/index.ts';
import { type Lake, openLake, type TableWrite, type WriteMode } from '../../src/lake/index.ts';

/** A lake in a temporary folder with an engine of its own and a clock that a test can set. */
export interface LakeFixture extends AsyncDisposable {
  readonly root: string;
  readonly engine: Engine;
  readonly lake: Lake;
  readonly warnings: string[];
  /** The time that the lake believes it is. */
  time: Date;
}

/** A folder name with everything that a path, a URL or a file pattern could trip over. */
const AWKWARD_PREFIX = 'holdfast lake [1] é*%20-';

export async function openLakeFixture(prefix = AWKWARD_PREFIX): Promise<LakeFixture> {
  const folder = await mkdtemp(path.join(tmpdir(), prefix));
  const engine = await openDuckDb({ threads: 2 });
  const warnings: string[] = [];
  const fixture: LakeFixture = {
    root: path.join(folder, 'lake'),
    engine,
    warnings,
    time: new Date(),
    lake: openLake({
      root: path.join(folder, 'lake'),
      engine,
      clock: { now: () => fixture.time },
      progress: {
        start: () => ({ update: () => undefined, done: () => undefined }),
        warn: (message) => warnings.push(message),
        info: () => undefined,
      },
    }),
    [Symbol.asyncDispose]: async () => {
      await engine[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
  return fixture;
}

/** A write with no more to say than its mode. */
export const plainly = (mode: WriteMode, more: Partial<TableWrite> = {}): TableWrite => ({
  mode,
  info: { runId: 'run-1' },
  ...more,
});

/** All files below a folder, relative to it, sorted; an absent folder has none. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** The Parquet files below a table's folder. */
export async function dataFilesBelow(folder: string): Promise<string[]> {
  return (await filesBelow(folder)).filter(
    (file) => file.endsWith('.parquet') && !file.startsWith('_delta_log'),
  );
}
