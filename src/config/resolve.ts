/** Lays the layers over each other: defaults, pack, workspace file, its section, variables, flags. */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { deepFreeze, HoldfastError, nearestWord } from '../kernel/index.ts';
import { loadPack, parseYaml, readIfThere, shownPath, type Pack } from '../pack/index.ts';
import { buildConfig, defaultState, packValues, type Config } from './config.ts';
import { fullKey, readEntry, type Entry, type Origin } from './entry.ts';
import { fileEntries, flagEntries, lastOf, variableEntries, type FlagValue } from './layers.ts';
import { findPack } from './pack-folder.ts';
import { readSecrets, type Secrets, withoutCredentials } from './secrets.ts';
import { shortVariableEntries } from './short-variables.ts';
import {
  type AnySetting,
  SETTING_KEYS,
  settingOf,
  SETTINGS,
  type SettingKey,
  type SettingValues,
} from './settings.ts';

export interface ConfigSources {
  /** In the order typed; the last one of a key wins. */
  readonly flags?: readonly FlagValue[];
  /** Environment variables; only those that begin with HOLDFAST_ are looked at. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Whether short names such as MODEL_DIR are looked at too, as a server does. */
  readonly hasShortVariables?: boolean;
}

/** A settled value, and where it comes from. */
export interface SettledValue {
  /** Undefined where nothing is set and nothing is needed. */
  readonly value: unknown;
  readonly origin: Origin;
}

export interface ResolvedConfig {
  readonly config: Config;
  readonly pack: Pack;
  /** Kept out of `config` and `settled`. */
  readonly secrets: Secrets;
  /** Every key (of a family: every member) in the order of the reference, with value and origin. */
  readonly settled: Readonly<Record<string, SettledValue>>;
}

/** The name of the file in a workspace that holds its settings. */
const WORKSPACE_FILE = 'holdfast.yaml';

/**
 * Finds the workspace, reads its file, loads the pack and settles every setting.
 *
 * Throws HF102 (unknown key), HF103 (value cannot be read), HF104 (not YAML), or what `loadPack` throws.
 */
export async function resolveConfig(sources: ConfigSources = {}): Promise<ResolvedConfig> {
  const outer = [...variableEntries(sources.environment ?? {}), ...flagEntries(sources.flags ?? [])];
  const workspace = resolve(settledText(outer, 'workspace'));
  await checkWorkspace(workspace, lastOf(outer, 'workspace'));
  const environment = lastOf(outer, 'env');
  const section = environment === undefined ? undefined : String(readEntry(environment));
  const ofFile = await workspaceEntries(workspace, section);
  const entries = [...ofFile, ...outer];

  const packEntry = lastOf(entries, 'pack');
  const packFolder = await findPack(
    settledText(entries, 'pack'),
    packEntry?.folder ?? '.',
    packEntry?.place ?? {},
  );
  const pack = await loadPack(packFolder);
  const short =
    sources.hasShortVariables === true ? shortVariableEntries(sources.environment ?? {}, pack) : [];
  const named = [...ofFile, ...short, ...outer].map((entry) => withKnownMember(entry, pack));

  const given = settle(pack, named);
  const secrets = readSecrets(sources.environment ?? {}, {
    mlflow: textOf(given.get('mlflow.uri')?.value),
    redis: textOf(given.get('redis.url')?.value),
    postgres: textOf(given.get('postgres.url')?.value),
  });
  const settled = new Map([...given].map(([key, item]) => [key, withoutSecrets(key, item)]));
  const stateEntry = lastOf(named, 'state');
  const folders = {
    workspace,
    pack: packFolder,
    state: stateEntry === undefined ? defaultState(workspace) : String(readEntry(stateEntry)),
  };
  const config = buildConfig(pack, folders, valuesOf(settled));
  return deepFreeze({
    config,
    pack,
    secrets,
    settled: Object.fromEntries([...settled].map(([key, item]) => [key, withFolder(key, item, folders)])),
  });
}

/** A workspace that is not there may be made; a file in its place cannot be. */
async function checkWorkspace(workspace: string, entry: Entry | undefined): Promise<void> {
  const found = await stat(workspace).catch(() => undefined);
  if (found === undefined || found.isDirectory()) return;
  throw new HoldfastError('HF103', {
    message: `the workspace ${shownPath(workspace)} is a file, not a folder`,
    hint: 'name a folder, or one that is still to be made',
    place: entry?.place ?? { field: 'workspace' },
  });
}

async function workspaceEntries(workspace: string, section: string | undefined): Promise<Entry[]> {
  const path = join(workspace, WORKSPACE_FILE);
  const text = await readIfThere(path).catch((cause: unknown) => {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EISDIR')) throw cause;
    throw new HoldfastError('HF104', {
      message: `${WORKSPACE_FILE} is a folder, not a file`,
      hint: 'move the folder away, or write the settings of the workspace into a file of that name',
      place: { file: shownPath(path) },
      cause,
    });
  });
  return text === undefined ? [] : fileEntries(parseYaml(text, shownPath(path)), section);
}

/** A setting that has a default, read before everything else is known. */
function settledText(entries: readonly Entry[], key: 'workspace' | 'pack'): string {
  const entry = lastOf(entries, key);
  return String(entry === undefined ? (settingOfOne(key).default ?? '') : readEntry(entry));
}

function settingOfOne(key: SettingKey) {
  const setting = settingOf(key);
  if (setting.kind === 'family') throw new Error(`${key} is a family of settings`);
  return setting;
}

/** Gives the member of a family its exact name: variables are upper case, tiers and parameters are not always. */
function withKnownMember(entry: Entry, pack: Pack): Entry {
  const setting = settingOf(entry.key);
  if (setting.kind === 'one' || entry.member === undefined) return entry;
  const member = entry.member;
  if (setting.member === 'parameter') {
    return entry.origin.layer === 'variable' ? { ...entry, member: member.toLowerCase() } : entry;
  }
  const known =
    setting.member === 'tier'
      ? pack.file.tiers.ladder.map((tier) => tier.name)
      : Object.keys(pack.file.lists);
  const exact = known.find((name) => name === member) ?? known.find((name) => upper(name) === upper(member));
  if (exact !== undefined) return { ...entry, member: exact };
  const nearest = nearestWord(member, known);
  throw new HoldfastError('HF102', {
    message: `${fullKey(entry)} names a ${setting.member} that the pack does not have`,
    hint: nearest === undefined ? `known are ${known.join(', ')}` : `did you mean ${nearest}?`,
    place: entry.place,
  });
}

function upper(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}

function settle(pack: Pack, entries: readonly Entry[]): Map<string, SettledValue> {
  const fromPack = packValues(pack);
  const packOrigin: Origin = { layer: 'pack', where: shownPath(join(pack.folder, 'pack.yaml')) };
  const settled = new Map<string, SettledValue>();
  for (const key of SETTING_KEYS) {
    const setting = settingOf(key);
    const ofKey = entries.filter((entry) => entry.key === key);
    if (setting.kind === 'one') {
      const given = fromPack[key];
      settled.set(
        key,
        given === undefined
          ? { value: setting.default, origin: { layer: 'default', where: setting.otherwise ?? 'built in' } }
          : { value: given, origin: packOrigin },
      );
    } else {
      for (const [member, value] of Object.entries(fromPack[key] ?? {})) {
        settled.set(`${key}.${member}`, { value, origin: packOrigin });
      }
    }
    for (const entry of ofKey) {
      settled.set(fullKey(entry), { value: readEntry(entry), origin: entry.origin });
    }
  }
  return settled;
}

/** The settled values as one object; families gathered into mappings. */
function valuesOf(settled: ReadonlyMap<string, SettledValue>): SettingValues {
  const values: Record<string, unknown> = {};
  for (const key of SETTING_KEYS) {
    if (settingOf(key).kind === 'one') {
      values[key] = settled.get(key)?.value;
    } else {
      const members = [...settled].filter(([name]) => name.startsWith(`${key}.`));
      values[key] = Object.fromEntries(
        members.map(([name, item]) => [name.slice(key.length + 1), item.value]),
      );
    }
  }
  // Every value was read by the schema of its key, or comes from the pack, whose schema is the same.
  return values;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Nothing beyond the secrets themselves holds what stands before the `@` of an address. */
function withoutSecrets(key: string, item: SettledValue): SettledValue {
  const setting = Object.entries(SETTINGS).find(([name]) => name === key)?.[1] as AnySetting | undefined;
  if (setting?.kind !== 'one' || setting.isAddress !== true || typeof item.value !== 'string') return item;
  return { ...item, value: withoutCredentials(item.value) };
}

/** Shows the folders as they were resolved instead of as they were written. */
function withFolder(
  key: string,
  item: SettledValue,
  folders: Readonly<Record<string, string>>,
): SettledValue {
  const folder = folders[key];
  return folder === undefined ? item : { ...item, value: folder };
}
