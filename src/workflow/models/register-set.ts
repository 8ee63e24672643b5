import type { ModelSet, StoredModel } from '../../model/index.ts';
import type { Context } from '../context.ts';

/** Registers a stored set, which becomes the challenger; nothing changes where it is the champion or challenger. */
export async function registerSet(
  { registry, runId, user }: Context,
  set: ModelSet,
  models: readonly StoredModel[],
  origin: string,
): Promise<void> {
  const summary = {
    id: set.id,
    hash: set.hash,
    versions: set.versions,
    pack: models[0]?.lineage.packName ?? '',
    packHash: set.packHash,
    testAucPr: Object.fromEntries(
      models.map(({ name, metrics: { test } }) => [
        name,
        'rows' in test ? (test.metrics['auc_pr']?.value ?? null) : null,
      ]),
    ),
    origin,
  };
  await registry.change({ by: user, run: runId }, ({ champion, challenger, sets }) =>
    (champion === set.id || challenger === set.id) && sets.get(set.id)?.isRemoved === false
      ? undefined
      : { kind: 'registered', summary },
  );
}
