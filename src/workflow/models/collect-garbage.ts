/** Deletes what no set of use needs any more. */
import { randomUUID } from 'node:crypto';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { HoldfastError } from '../../kernel/index.ts';
import { retireNumber } from '../../model/index.ts';
import {
  previousChampion,
  type RegisteredSet,
  type RegistryEvent,
  type RegistryState,
} from '../../registry/index.ts';
import type { Context } from '../context.ts';
import type { WorkspaceFolders } from '../folders.ts';
import type { StepOutcome } from '../steps.ts';

export interface GarbageOptions {
  /** Sets that nothing needs and that are kept all the same, the newest. */
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
 * Deletes the sets that are of no use any more beyond the newest `keep`, versions that no set needs, and what killed
 * processes and orphaned judgements left behind a day ago or longer. Champion, challenger, what is proposed, and the
 * champion before stay. The history keeps every event, and numbers are not given again.
 */
export async function collectGarbage(
  {
    registry,
    folders,
    clock,
    user,
  }: Pick<Context, 'registry' | 'clock' | 'user'> & {
    readonly folders: Pick<WorkspaceFolders, 'models'>;
  },
  { keep, dryRun = false }: GarbageOptions,
): Promise<StepOutcome<Garbage>> {
  if (keep < 0)
    throw new HoldfastError('HF101', {
      message: `${String(keep)} sets cannot be kept`,
      hint: 'give 0 or more',
      place: { field: '--keep' },
    });
  const doomed = doomedSets(await registry.state(), keep);
  if (!dryRun)
    for (const set of doomed)
      // Said before it is done: a set without files must not be taken for one that is there.
      await registry.change({ by: user, why: `gc --keep ${String(keep)}` }, (now) =>
        isNeeded(now, set) ? undefined : { kind: 'removed', set },
      );
  const before = clock.now().getTime() - UNDER_WAY_MS;
  const leaving = dryRun ? new Set(doomed) : new Set<number>();
  const paths = [
    ...(await unneeded(folders.models, await registry.state(), leaving, before)),
    ...(await orphanedEvidence(folders.models, await registry.events(), before)),
  ];
  if (!dryRun)
    for (const file of paths) {
      // A training may have registered what it found here meanwhile.
      if (neededFiles(await registry.state(), leaving).has(file)) continue;
      await deleteWhole(folders.models, file);
    }
  return {
    summary: `${dryRun ? 'would delete' : 'deleted'} ${String(doomed.length)} sets and ${String(paths.length)} folders and files below models/`,
    result: { sets: doomed, paths },
  };
}

/** In milliseconds since 1970; now for what has gone meanwhile. */
const changedAt = async (models: string, file: string): Promise<number> =>
  (await lstat(path.join(models, file)).catch(() => undefined))?.mtimeMs ?? Infinity;

/** Out of sight in one step: a process that is killed leaves no half of a version behind. */
async function deleteWhole(models: string, file: string): Promise<void> {
  const whole = path.join(models, file);
  if (NUMBERED.test(path.basename(file))) await retireNumber(whole);
  const aside = path.join(path.dirname(whole), `.staged-${randomUUID()}`);
  await rename(whole, aside);
  await rm(aside, { recursive: true, force: true });
}

const NUMBERED = /^[1-9][0-9]*(\.json)?$/;

const isNeeded = (state: RegistryState, set: number): boolean =>
  [state.champion, state.challenger, state.proposal?.set, previousChampion(state)].includes(set);

function doomedSets(state: RegistryState, keep: number): number[] {
  const unused = [...state.sets.values()]
    .filter(({ id, isRemoved }) => !isRemoved && !isNeeded(state, id))
    .map(({ id }) => id)
    .sort((a, b) => b - a);
  return unused.slice(keep).sort((a, b) => a - b);
}

type Members = Pick<RegisteredSet, 'id' | 'versions'>;

const filesOf = (sets: readonly Members[]): Set<string> =>
  new Set(
    sets.flatMap(({ id, versions }) => [
      path.join('sets', `${String(id)}.json`),
      ...Object.entries(versions).map(([name, version]) => path.join(name, String(version))),
    ]),
  );

/** Files of the sets that stay. */
const neededFiles = ({ sets }: RegistryState, leaving: ReadonlySet<number>): Set<string> =>
  filesOf([...sets.values()].filter(({ id, isRemoved }) => !isRemoved && !leaving.has(id)));

async function unneeded(
  models: string,
  state: RegistryState,
  leaving: ReadonlySet<number>,
  before: number,
): Promise<string[]> {
  const needed = neededFiles(state, leaving);
  const registered = filesOf([...state.sets.values()]);
  const found: string[] = [];
  for (const folder of await readdir(models, { withFileTypes: true }).catch(() => [])) {
    if (!folder.isDirectory() || folder.name === 'evidence') continue;
    for (const entry of await readdir(path.join(models, folder.name))) {
      const file = path.join(folder.name, entry);
      const isOurs = NUMBERED.test(entry) || entry.includes('.staged');
      if (!isOurs || needed.has(file)) continue;
      if (registered.has(file) || (await changedAt(models, file)) < before) found.push(file);
    }
  }
  return found.sort();
}

/** Evidence that no event names: its process was killed, or told that another one was faster. */
async function orphanedEvidence(
  models: string,
  events: readonly RegistryEvent[],
  before: number,
): Promise<string[]> {
  const named = new Set(events.flatMap((event) => ('evidence' in event ? [event.evidence.file] : [])));
  const found: string[] = [];
  for (const entry of await readdir(path.join(models, 'evidence')).catch(() => [])) {
    const file = path.join('evidence', entry);
    if (!named.has(file) && (await changedAt(models, file)) < before) found.push(file);
  }
  return found.sort();
}
