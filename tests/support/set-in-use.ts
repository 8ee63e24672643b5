import { systemClock } from '../../src/kernel/index.ts';
import type { LoadedSet } from '../../src/model/index.ts';
import { championSet, openRegistry } from '../../src/registry/index.ts';

/** The champion of a models folder. */
export const setInUse = (models: string): Promise<LoadedSet | undefined> =>
  championSet(openRegistry(models, systemClock));
