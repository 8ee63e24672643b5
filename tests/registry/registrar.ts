/** What is done to a models folder by the process that is killed, and once more after it. */
import { systemClock } from '../../src/kernel/index.ts';
import { readModel, storeModel, storeSet } from '../../src/model/index.ts';
import { openRegistry } from '../../src/registry/index.ts';

/** The model of the folder that the new one is made of. */
export const NAME = 'churn_model_90d';
const AUTHOR = { by: 'ana' };

/**
 * Stores a second model, registers it as a set, promotes it over set 1 and rolls back. What was done before is not
 * done again.
 */
export async function registerPromoteRollBack(models: string): Promise<void> {
  const registry = openRegistry(models, systemClock);
  const first = await readModel(models, NAME, 1);
  const content = { ...first, settings: { ...first.settings, seed: 4711 } };
  const second = await storeModel(models, content, first.provenance);
  const set = await storeSet(models, [second], 'pack');
  await registry.change(AUTHOR, ({ sets }) =>
    sets.has(set.id)
      ? undefined
      : {
          kind: 'registered',
          summary: {
            id: set.id,
            hash: set.hash,
            versions: set.versions,
            pack: 'magazine',
            packHash: 'pack',
            testAucPr: { [NAME]: null },
            origin: 'trained',
          },
        },
  );
  const evidence = await registry.storeEvidence({ figure: 0.5 });
  await registry.change(AUTHOR, ({ champion, reigns, sets }) =>
    champion === set.id || reigns.includes(set.id) || sets.get(set.id)?.stage === 'archived'
      ? undefined
      : { kind: 'promoted', set: set.id, evidence },
  );
  await registry.change(AUTHOR, ({ champion }) =>
    champion === set.id ? { kind: 'rolled_back', set: 1 } : undefined,
  );
}
