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
export async function findDeliveries(landing: string, source: Source): Promise<Delivery[]> {
  const names = await glob([...source.files], { cwd: landing, onlyFiles: true, expandDirectories: false });
  const deliveries: Delivery[] = [];
  for (const name of names.sort()) {
    const file = path.join(landing, name);
    deliveries.push({ path: file, name, bytes: (await stat(file)).size, sha256: await hashFile(file) });
  }
  return deliveries;
}

/** Content hashes of the deliveries that earlier commits of a bronze table took. */
export async function takenHashes(lake: Lake, table: string): Promise<Set<string>> {
  if (!(await lake.exists(table))) return new Set();
  const taken = new Set<string>();
  for (const commit of await lake.history(table)) {
    const files = commit.info.holdfast['files'];
    if (!Array.isArray(files)) continue;
    for (const file of files as unknown[]) {
      if (typeof file === 'object' && file !== null && 'sha256' in file && typeof file.sha256 === 'string')
        taken.add(file.sha256);
    }
  }
  return taken;
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}
