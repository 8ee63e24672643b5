import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { glob } from 'tinyglobby';
import type { Lake } from '../lake/index.ts';
import type { Source } from '../pack/index.ts';

/** One file that a source owns in the landing folder. */
export interface Delivery {
  /** Absolute path. */
  readonly path: string;
  /** Path below the landing folder, with `/`, as people and `_source_file` see it. */
  readonly name: string;
  readonly bytes: number;
  /** SHA-256 of the content: what makes a file the same file under another name. */
  readonly sha256: string;
}

/** The files of a source below `landing`, by name. */
async function findDeliveries(landing: string, source: Source): Promise<Delivery[]> {
  const names = await glob([...source.files], { cwd: landing, onlyFiles: true, expandDirectories: false });
  const deliveries: Delivery[] = [];
  for (const name of names.sort()) {
    const file = path.join(landing, name);
    deliveries.push({ path: file, name, bytes: (await stat(file)).size, sha256: await hashFile(file) });
  }
  return deliveries;
}

/** What of a source lies in the landing folder. */
export interface SourceDeliveries {
  /** Files to take now. */
  readonly fresh: readonly Delivery[];
  /** Files whose content was taken before, or stands behind a newer delivery of the whole table. */
  readonly known: number;
  /** Whether an earlier run took anything. */
  readonly hasEarlier: boolean;
  /** Version of the bronze table that the files were compared with, -1 where there is none. */
  readonly version: number;
}

/**
 * Tells new files from known ones by their content. Of a source that is delivered whole, only the newest
 * file by name counts, and it is new unless the table holds it now.
 */
export async function sortDeliveries(
  lake: Lake,
  table: string,
  landing: string,
  source: Source,
): Promise<SourceDeliveries> {
  const found = await findDeliveries(landing, source);
  const version = (await lake.exists(table)) ? (await lake.snapshot(table)).version : -1;
  const commits = await takenHashes(lake, table);
  const isWhole = source.delivery === 'replace';
  const seen = new Set(isWhole ? commits.at(-1) : commits.flat());
  const fresh = (isWhole ? found.slice(-1) : found).filter(({ sha256 }) => {
    if (seen.has(sha256)) return false;
    seen.add(sha256);
    return true;
  });
  return { fresh, known: found.length - fresh.length, hasEarlier: commits.length > 0, version };
}

/** Files below `landing` that no source takes, by name; hidden ones are left alone. */
export async function strayFiles(landing: string, sources: readonly Source[]): Promise<string[]> {
  const files = (patterns: readonly string[]): Promise<string[]> =>
    glob([...patterns], { cwd: landing, onlyFiles: true, expandDirectories: false });
  const taken = new Set(await files(sources.flatMap((source) => source.files)));
  return (await files(['**/*'])).filter((name) => !taken.has(name)).sort();
}

/** Content hashes of the deliveries that a bronze table took, commit by commit, oldest first. */
async function takenHashes(lake: Lake, table: string): Promise<string[][]> {
  if (!(await lake.exists(table))) return [];
  const commits: string[][] = [];
  for (const commit of await lake.history(table)) {
    const files = commit.info.holdfast['files'];
    if (!Array.isArray(files)) continue;
    commits.push(
      (files as unknown[]).flatMap((file) =>
        typeof file === 'object' && file !== null && 'sha256' in file && typeof file.sha256 === 'string'
          ? [file.sha256]
          : [],
      ),
    );
  }
  return commits;
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
