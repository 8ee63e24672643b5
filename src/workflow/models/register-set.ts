import { loadSet, type ModelSet, type StoredModel } from '../../model/index.ts';
import { requireSet } from '../../registry/index.ts';
import type { Context } from '../context.ts';

/** What a stored set is after it was registered. */
export type Standing = 'challenger' | 'champion' | 'archived';

/**
 * Registers a stored set, which becomes the challenger. One that is known is not registered again: the champion stays
 * what it is, and a set that was archived stays out of the running. HF503 where its files are not there any more.
 */
export async function registerSet(
  { registry, folders, user }: Context,
  set: ModelSet,
  models: readonly StoredModel[],
  { origin, run }: { readonly origin: string; readonly run?: string },
): Promise<Standing> {
  // A clean-up at the same time may have taken what an earlier training had left.
  await loadSet(folders.models, set.id);
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
  await registry.change(
    { by: user, ...(run === undefined ? {} : { run }) },
    ({ champion, challenger, sets }) =>
      champion === set.id || challenger === set.id || sets.get(set.id)?.stage === 'archived'
        ? undefined
        : { kind: 'registered', summary },
  );
  const state = await registry.state();
  if (state.champion === set.id) return 'champion';
  return requireSet(state, set.id).stage === 'archived' ? 'archived' : 'challenger';
}
