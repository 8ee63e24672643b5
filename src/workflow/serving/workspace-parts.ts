import { duckDbAtFirstUse } from '../../engine/index.ts';
import { championSet } from '../../registry/index.ts';
import { type Context, librariesOf } from '../context.ts';
import type { ScoringParts } from './load.ts';
import { modelReader, readFeatures, type ReadModels } from './read-models.ts';

/** What scoring needs of a workspace: its champion, and the lake in which keys are looked up. */
export function scoringPartsOf({
  config,
  pack,
  clock,
  registry,
  folders,
  progress,
  readModels = modelReader(),
}: Pick<Context, 'config' | 'pack' | 'clock' | 'registry' | 'folders' | 'progress'> & {
  readonly readModels?: ReadModels;
}): ScoringParts {
  const settings = { memoryLimit: config.engine.memory_limit, temporaryFolder: folders.temporary };
  const { threads: configured } = config.engine;
  return {
    pack,
    clock,
    async loadSet(before) {
      const { champion, sets } = await registry.state();
      if (before?.set.id === champion && sets.get(before.set.id)?.hash === before.set.hash) return before;
      return championSet(registry, readFeatures(readModels));
    },
    readModels,
    openEngine: (threads = configured) => Promise.resolve(duckDbAtFirstUse({ ...settings, threads })),
    indexEngine: { ...settings, threads: configured },
    lake: folders.lake,
    libraries: librariesOf(config),
    progress,
  };
}
