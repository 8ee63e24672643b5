import { duckDbAtFirstUse } from '../../engine/index.ts';
import { exportedName } from '../../model/index.ts';
import { exportedSet, type Registry, registeredSet } from '../../registry/index.ts';
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
    loadSet: setReader(registry, readModels, async () => (await registry.state()).champion),
    readModels,
    openEngine: (threads = configured) => Promise.resolve(duckDbAtFirstUse({ ...settings, threads })),
    indexEngine: { ...settings, threads: configured },
    lake: folders.lake,
    libraries: librariesOf(config),
    progress,
  };
}

/** Reads the registered set that is wanted; one that is in memory already is not read again. */
export function setReader(
  registry: Registry,
  readModels: ReadModels,
  wanted: () => Promise<number | null>,
): ScoringParts['loadSet'] {
  return async (before) => {
    const id = await wanted();
    if (id === null) return undefined;
    const { sets } = await registry.state();
    if (before?.set.id === id && sets.get(id)?.hash === before.set.hash) return before;
    return registeredSet(registry, id, readFeatures(readModels));
  };
}

/** As `setReader` for the set that `models export` wrote to a folder. */
export function exportReader(folder: string, readModels: ReadModels): ScoringParts['loadSet'] {
  return async (before) => {
    if (before !== undefined) {
      const { id, hash } = await exportedName(folder);
      if (before.set.id === id && before.set.hash === hash) return before;
    }
    return exportedSet(folder, readFeatures(readModels));
  };
}
