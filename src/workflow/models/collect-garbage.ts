/** Deletes what no set of use needs any more. */
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { previousChampion, type RegisteredSet, type RegistryState } from '../../registry/index.ts';
import type { Context, WorkspaceFolders } from '../context.ts';
import type { StepOutcome } from '../steps.ts';

export interface GarbageOptions {
  /** Archived sets that are kept all the same, the newest. */
  readonly keep: number;
  /** Says what would be deleted, and deletes nothing. */
  readonly dryRun?: boolean;
}

export interface Garbage {
  readonly sets: readonly number[];
  /** Folders and files below the models folder. */
  readonly paths: readonly string[];
}

/** What a training that is under way may have written and not registered yet. */
const UNDER_WAY_MS = 24 * 60 * 60 * 1000;

/**
 * Deletes archived sets beyond the newest `keep`, versions that no set needs any more, and what killed processes left
 * behind a day ago or longer. Champion, challenger and the champion before stay. The history keeps every event.
 */
export async function collectGarbage(
  {
    registry,
    folders,
    clock,
    user,
    runId,
  }: Pick<Context, 'registry' | 'clock' | 'user' | 'runId'> & {
    readonly folders: Pick<WorkspaceFolders, 'models'>;
  },
  { keep, dryRun = false }: GarbageOptions,
): Promise<StepOutcome<Garbage>> {
  const state = await registry.state();
  const doomed = doomedSets(state, keep);
  if (!dryRun)
    for (const set of doomed)
      // Said before it is done: a set without files must not be taken for one that is there.
      await registry.change({ by: user, run: runId, why: `gc --keep ${String(keep)}` }, (now) =>
        isNeeded(now, set) ? undefined : { kind: 'removed', set },
      );
  const now = dryRun ? state : await registry.state();
  const kept = [...now.sets.values()].filter(
    ({ id, isRemoved }) => !isRemoved && !(dryRun && doomed.includes(id)),
  );
  const paths = await unneeded(
    folders.models,
    kept,
    [...now.sets.values()],
    clock.now().getTime() - UNDER_WAY_MS,
  );
  if (!dryRun)
    for (const file of paths) await rm(path.join(folders.models, file), { recursive: true, force: true });
  return {
    summary: `${dryRun ? 'would delete' : 'deleted'} ${String(doomed.length)} sets and ${String(paths.length)} folders and files below models/`,
    result: { sets: doomed, paths },
  };
}

const isNeeded = (state: RegistryState, set: number): boolean =>
  [state.champion, state.challenger, previousChampion(state)].includes(set) ||
  state.sets.get(set)?.stage !== 'archived';

function doomedSets(state: RegistryState, keep: number): number[] {
  const archived = [...state.sets.values()]
    .filter(({ id, isRemoved }) => !isRemoved && !isNeeded(state, id))
    .map(({ id }) => id)
    .sort((a, b) => b - a);
  return archived.slice(keep).sort((a, b) => a - b);
}

type Members = Pick<RegisteredSet, 'id' | 'versions'>;

const filesOf = (sets: readonly Members[]): Set<string> =>
  new Set(
    sets.flatMap(({ id, versions }) => [
      path.join('sets', `${String(id)}.json`),
      ...Object.entries(versions).map(([name, version]) => path.join(name, String(version))),
    ]),
  );

async function unneeded(
  models: string,
  kept: readonly Members[],
  known: readonly Members[],
  before: number,
): Promise<string[]> {
  const needed = filesOf(kept);
  const registered = filesOf(known);
  const found: string[] = [];
  for (const folder of await readdir(models, { withFileTypes: true }).catch(() => [])) {
    if (!folder.isDirectory() || folder.name === 'evidence') continue;
    for (const entry of await readdir(path.join(models, folder.name))) {
      const file = path.join(folder.name, entry);
      const isOurs = /^[1-9][0-9]*(\.json)?$/.test(entry) || entry.includes('.staged');
      if (!isOurs || needed.has(file)) continue;
      const { mtimeMs } = await stat(path.join(models, file));
      if (registered.has(file) || mtimeMs < before) found.push(file);
    }
  }
  return found.sort();
}
