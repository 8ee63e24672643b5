import { openDuckDb } from '../../engine/index.ts';
import { championSet } from '../../registry/index.ts';
import { type Context, librariesOf } from '../context.ts';
import type { ScoringParts } from './load.ts';

/** What scoring needs of a workspace: its champion, and the lake in which keys are looked up. */
export function scoringPartsOf({
  config,
  pack,
  clock,
  registry,
  folders,
  progress,
}: Pick<Context, 'config' | 'pack' | 'clock' | 'registry' | 'folders' | 'progress'>): ScoringParts {
  return {
    pack,
    clock,
    loadSet: () => championSet(registry),
    openEngine: (threads = config.engine.threads) =>
      openDuckDb({
        memoryLimit: config.engine.memory_limit,
        threads,
        temporaryFolder: folders.temporary,
      }),
    lake: folders.lake,
    libraries: librariesOf(config),
    progress,
  };
}
