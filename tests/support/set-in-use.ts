import { systemClock } from '../../src/kernel/index.ts';
import type { LoadedSet } from '../../src/model/index.ts';
import { championSet, openRegistry } from '../../src/registry/index.ts';
import { promoteStep, setNamed } from '../../src/workflow/index.ts';
import type { TestWorkspace } from './workspace.ts';

/** The champion of a models folder. */
export const setInUse = (models: string): Promise<LoadedSet | undefined> =>
  championSet(openRegistry(models, systemClock));

/** Puts the set that was trained last into use, whatever the gates say: tests of other things have few rows. */
export const useChallenger = (workspace: TestWorkspace): Promise<unknown> =>
  workspace.withContext(async (context) => {
    const set = setNamed(await context.registry.state(), 'challenger');
    return promoteStep(context, { set, overrule: true, why: 'a test of something else' });
  });
