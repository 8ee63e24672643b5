/** Reads the layers that a user writes: workspace file, environment variables, flags. */
import { dirname } from 'node:path';
import { HoldfastError } from '../kernel/index.ts';
import { formatKeyPath, type KeyPath, type YamlFile } from '../pack/index.ts';
import { findKey, readEntry, unknownKey, type Entry, type LayerName } from './entry.ts';
import { SECRET_VARIABLES } from './secrets.ts';
import {
  ENVIRONMENT_NAMES,
  SETTING_KEYS,
  settingOf,
  upperSnake,
  variableOf,
  type SettingKey,
} from './settings.ts';

/** The value of a setting that a flag gives. */
export interface FlagValue {
  /** Dotted key, such as `engine.threads`. */
  readonly key: string;
  readonly value: string;
  /** The flag as typed, such as `--set`. */
  readonly flag: string;
}

const ENVIRONMENTS = 'environments';

/**
 * The entries of holdfast.yaml: its body, then the section of the environment where there is one.
 * Sections that are not chosen are checked all the same.
 */
export function fileEntries(file: YamlFile, environment: string | undefined): Entry[] {
  const content = mapping(file, [], file.value);
  const sections = mapping(file, [ENVIRONMENTS], content[ENVIRONMENTS] ?? {});
  const body = Object.entries(content).filter(([key]) => key !== ENVIRONMENTS);
  const entries = walk(file, [], Object.fromEntries(body), 'file');
  for (const [name, section] of Object.entries(sections)) {
    checkSection(file, name);
    const path = [ENVIRONMENTS, name];
    const ofSection = walk(file, path, mapping(file, path, section), 'environment');
    ofSection.forEach(readEntry);
    if (name === environment) entries.push(...ofSection);
  }
  return entries;
}

function checkSection(file: YamlFile, section: string): void {
  const result = settingOf('env').schema.safeParse(section);
  if (result.success) return;
  throw unknownKey(
    `${ENVIRONMENTS}.${section}`,
    ENVIRONMENT_NAMES.map((name) => `${ENVIRONMENTS}.${name}`),
    placeOf(file, [ENVIRONMENTS, section]),
  );
}

function walk(
  file: YamlFile,
  path: KeyPath,
  node: Readonly<Record<string, unknown>>,
  layer: LayerName,
): Entry[] {
  const depth = layer === 'environment' ? 2 : 0;
  return Object.entries(node).flatMap(([name, value]): Entry[] => {
    const at = [...path, name];
    const dotted = at.slice(depth).map(String).join('.');
    const found = findKey(dotted);
    if (found !== undefined) return [fileEntry(file, at, found, value, layer)];
    if (isPrefix(dotted)) return walk(file, at, mapping(file, at, value), layer);
    throw unknownKey(dotted, SETTING_KEYS, placeOf(file, at));
  });
}

function isPrefix(dotted: string): boolean {
  return SETTING_KEYS.some(
    (key) => key.startsWith(`${dotted}.`) || (key === dotted && settingOf(key).kind === 'family'),
  );
}

function fileEntry(
  file: YamlFile,
  path: KeyPath,
  found: Pick<Entry, 'key' | 'member'>,
  value: unknown,
  layer: LayerName,
): Entry {
  const setting = settingOf(found.key);
  if (setting.kind === 'one' && setting.settable === 'outside') {
    throw new HoldfastError('HF102', {
      message: `${found.key} cannot be set in the workspace file`,
      hint: `use --${found.key} or the variable ${variableOf(found.key)}`,
      place: placeOf(file, path),
    });
  }
  const place = placeOf(file, path);
  const where = place.line === undefined ? file.path : `${file.path}:${place.line}`;
  const section = layer === 'environment' ? ` (${formatKeyPath(path.slice(0, 2))})` : '';
  return {
    ...found,
    value,
    isText: false,
    folder: dirname(file.path),
    origin: { layer, where: where + section },
    place,
  };
}

function mapping(file: YamlFile, path: KeyPath, value: unknown): Readonly<Record<string, unknown>> {
  if (value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  throw new HoldfastError('HF103', {
    message: 'expected a mapping of settings',
    hint: 'write one "key: value" a line',
    place: placeOf(file, path),
  });
}

function placeOf(file: YamlFile, path: KeyPath): { file: string; line?: number; field?: string } {
  const line = file.lineOf(path);
  return {
    file: file.path,
    ...(line === undefined ? {} : { line }),
    ...(path.length === 0 ? {} : { field: formatKeyPath(path) }),
  };
}

/**
 * Variables that begin with HOLDFAST_ but are not settings. Kubernetes puts HOLDFAST_SERVICE_HOST,
 * HOLDFAST_PORT_80_TCP and the like into every container beside a service named holdfast.
 */
const FOREIGN_VARIABLE = /^HOLDFAST_([A-Z0-9_]+_)?(SERVICE|PORT)(_|$)/;

/** The entries of environment variables; an empty variable counts as not set. */
export function variableEntries(environment: Readonly<Record<string, string | undefined>>): Entry[] {
  return Object.entries(environment).flatMap(([name, value]): Entry[] => {
    if (!name.startsWith('HOLDFAST_') || value === undefined || value === '') return [];
    if (SECRET_VARIABLES.includes(name)) return [];
    const found = findVariable(name);
    if (found === undefined && FOREIGN_VARIABLE.test(name)) return [];
    if (found === undefined) {
      const known = [...SETTING_KEYS.map(variableOf), ...SECRET_VARIABLES];
      const error = unknownKey(name, known, { field: name });
      throw new HoldfastError('HF102', {
        message: `the environment variable ${name} is no setting`,
        hint: error.hint ?? '',
        place: { field: name },
      });
    }
    return [{ ...found, ...outside(value, { layer: 'variable', where: name }, name) }];
  });
}

function findVariable(name: string): Pick<Entry, 'key' | 'member'> | undefined {
  for (const key of SETTING_KEYS) {
    const variable = variableOf(key);
    if (settingOf(key).kind === 'one' && (name === variable || name === `HOLDFAST_${upperSnake(key)}`)) {
      return { key };
    }
    if (settingOf(key).kind === 'family' && name.startsWith(`${variable}_`)) {
      return { key, member: name.slice(variable.length + 1) };
    }
  }
  return undefined;
}

/** The entries of flags. Throws HF102 for a key that no setting has. */
export function flagEntries(flags: readonly FlagValue[]): Entry[] {
  return flags.map(({ key, value, flag }) => {
    const found = findKey(key);
    if (found === undefined) throw unknownKey(key, SETTING_KEYS, { field: flag });
    return { ...found, ...outside(value, { layer: 'flag', where: flag }, flag) };
  });
}

function outside(value: string, origin: Entry['origin'], field: string): Omit<Entry, 'key' | 'member'> {
  return { value, isText: true, folder: '.', origin, place: { field } };
}

/** The last value that any of the entries gives to a setting that is no family. */
export function lastOf(entries: readonly Entry[], key: SettingKey): Entry | undefined {
  return entries.findLast((entry) => entry.key === key);
}
