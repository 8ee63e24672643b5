/** What `demo` and `generate` share: made-up raw tables of the pack of a configuration. */
import { join } from 'node:path';
import type { Config } from '../config/index.ts';
import type { GeneratedFile } from '../generate/index.ts';
import type { Progress } from '../kernel/index.ts';
import type { CommandOption, Input } from './command.ts';
import { loadEngine, loadGenerate } from './rooms.ts';

/** First and last snapshots of generated data, `YYYY-MM-DD`. */
interface SnapshotRange {
  readonly from: string;
  readonly to: string;
}

/** Long enough that all three horizons have labelled test months. */
export const DEFAULT_RANGE: SnapshotRange = { from: '2022-08-01', to: '2024-12-01' };

/** The range of the published data. */
export const PUBLISHED_RANGE: SnapshotRange = { from: '2022-08-01', to: '2024-09-01' };

/** How much is made up; read by `generateInto`. */
export const GENERATOR_OPTIONS: readonly CommandOption[] = [
  { flags: '--customers <number>', help: 'how many entities', type: 'integer', default: '20000' },
  { flags: '--seed <number>', help: 'seed of everything random', type: 'integer', default: '7' },
];

/** Writes the raw tables into a folder, with an engine of its own. Gives the files and their rows. */
export async function generateInto(
  outDir: string,
  parts: {
    readonly config: Config;
    readonly input: Input;
    readonly range: SnapshotRange;
    readonly progress: Progress;
  },
): Promise<{ readonly files: readonly GeneratedFile[]; readonly rows: number }> {
  const { config, input, range, progress } = parts;
  const { openDuckDb } = await loadEngine();
  const { generate } = await loadGenerate();
  await using engine = await openDuckDb({
    memoryLimit: config.engine.memory_limit,
    threads: config.engine.threads,
    temporaryFolder: join(config.workspace, 'temporary'),
  });
  const { files } = await generate({
    engine,
    packFolder: config.pack,
    customers: input.integer('customers') ?? 20_000,
    seed: input.integer('seed') ?? 7,
    ...range,
    outDir,
    progress,
  });
  return { files, rows: files.reduce((sum, file) => sum + file.rows, 0) };
}
