/** Aliases and stages on the tracking server, made what the registry says they are. */
import { type ModelSet, readSet } from '../../model/index.ts';
import { registeredSet, type RegistryEvent, type RegistryState, type Stage } from '../../registry/index.ts';
import { CONTENT_HASH_TAG, type Mlflow } from '../../tracking/index.ts';
import type { Context } from '../context.ts';
import { pushSet, type PushedVersions } from './push-set.ts';
import { setModelName } from './tracked-run.ts';

const ALIASES = ['champion', 'challenger'] as const;
/** A model may be in several sets: it stands where the one that is furthest stands. */
const FURTHEST: readonly Stage[] = ['production', 'staging', 'none', 'archived'];

/**
 * Brings the registry's state of now to the server, as far as the events from `since` on have changed it: champion,
 * challenger and candidates are pushed where they are not there, the stages of all sets that these events name follow,
 * and the aliases. An alias that no longer stands for anything here is taken away only where it stands for a set of
 * this registry: another workspace may have set it.
 */
export async function mirrorState(
  context: Pick<Context, 'folders' | 'progress' | 'registry'>,
  link: { readonly client: Mlflow; readonly experiment: string },
  since: number,
): Promise<void> {
  const { registry, folders } = context;
  const { client } = link;
  const events = (await registry.events()).filter(({ number }) => number >= since);
  const state = await registry.state();
  const ids = [...new Set([...events.flatMap(setsOf), ...ALIASES.flatMap((alias) => state[alias] ?? [])])];
  const there = ids.filter((id) => state.sets.get(id)?.isRemoved === false);
  const versions = new Map<number, PushedVersions>();
  const stored = new Map<number, ModelSet>();
  for (const id of there.sort((a, b) => a - b)) {
    const set = await readSet(folders.models, id);
    stored.set(id, set);
    const pushed = isOfUse(state, id)
      ? await pushSet(context, link, await registeredSet(registry, id))
      : await versionsOf(client, set, setModelName(state.sets.get(id)?.pack ?? ''));
    versions.set(id, pushed);
    await moveStages(client, state, id, pushed);
  }
  for (const alias of ALIASES) {
    const target = state[alias];
    const pushed = target === null ? undefined : versions.get(target);
    if (pushed === undefined) await takeAway(client, alias, [...stored.values()], versions, state);
    else await setAliases(context, client, alias, pushed, packOf(state, target));
  }
}

const setsOf = (event: RegistryEvent): number[] =>
  [
    event.kind === 'registered' ? event.summary.id : event.set,
    ...[event.before, event.after].flatMap(({ champion, challenger }) => [champion, challenger]),
  ].filter((id) => id !== null);

const packOf = ({ sets }: RegistryState, id: number | null): string =>
  (id === null ? undefined : sets.get(id)?.pack) ?? '';

/** Whether the server should have the set although nobody has pushed it yet. */
function isOfUse(state: RegistryState, id: number): boolean {
  const stage = state.sets.get(id)?.stage;
  return ALIASES.some((alias) => state[alias] === id) || stage === 'staging' || stage === 'production';
}

/** What the server has of a set; an empty map where it has none. */
async function versionsOf(client: Mlflow, set: ModelSet, setName: string): Promise<PushedVersions> {
  const known = await client.findVersion(setName, set.hash);
  if (known === undefined) return new Map();
  const models = await Promise.all(
    Object.entries(set.contentHashes).map(
      async ([name, hash]) => [name, await client.findVersion(name, hash)] as const,
    ),
  );
  return new Map([
    [setName, known] as const,
    ...models.flatMap(([name, version]) => (version === undefined ? [] : [[name, version] as const])),
  ]);
}

async function moveStages(
  client: Mlflow,
  { sets }: RegistryState,
  id: number,
  pushed: PushedVersions,
): Promise<void> {
  const own = sets.get(id);
  if (own === undefined) return;
  for (const [name, { version, stage }] of pushed) {
    const number = own.versions[name];
    const stages =
      number === undefined
        ? [own.stage]
        : [...sets.values()].filter((set) => set.versions[name] === number).map((set) => set.stage);
    const wanted = FURTHEST.find((candidate) => stages.includes(candidate)) ?? 'none';
    if (stage !== wanted) await client.transitionStage(name, version, wanted, false);
  }
}

async function setAliases(
  { progress }: Pick<Context, 'progress'>,
  client: Mlflow,
  alias: string,
  pushed: PushedVersions,
  pack: string,
): Promise<void> {
  for (const [name, { version }] of pushed) {
    const now = await client.versionByAlias(name, alias);
    const owner = now?.tags['holdfast.pack'];
    if (owner !== undefined && owner !== pack)
      progress.warn(
        `${name}@${alias} on the MLflow server is of the pack ${owner} and is left; ${setModelName(pack)}@${alias} is of this one`,
      );
    else if (now?.version !== version) await client.setAlias(name, alias, version);
  }
}

/** Takes an alias from what is of this registry. */
async function takeAway(
  client: Mlflow,
  alias: string,
  sets: readonly ModelSet[],
  versions: ReadonlyMap<number, PushedVersions>,
  state: RegistryState,
): Promise<void> {
  const setHashes = [...state.sets.values()].map(({ hash }) => hash);
  const names = new Set([...versions.values()].flatMap((pushed) => [...pushed.keys()]));
  for (const name of names) {
    const now = await client.versionByAlias(name, alias);
    const hash = now?.tags[CONTENT_HASH_TAG];
    if (hash === undefined) continue;
    if (setHashes.includes(hash) || sets.some(({ contentHashes }) => contentHashes[name] === hash))
      await client.deleteAlias(name, alias);
  }
}
