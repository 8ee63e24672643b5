import { resolve } from 'node:path';
import { HoldfastError, nearestWord, type ErrorPlace } from '../kernel/index.ts';
import { explainIssues } from '../pack/index.ts';
import { secretInTheOpen } from './secrets.ts';
import { SETTING_KEYS, settingOf, type SettingKey } from './settings.ts';

/** The layers in the order in which a later one wins. */
export type LayerName = 'default' | 'pack' | 'file' | 'environment' | 'variable' | 'flag';

/** Where the value of a setting comes from. */
export interface Origin {
  readonly layer: LayerName;
  /** As people know it: `holdfast.yaml:4`, `HOLDFAST_PACK`, `--set`. */
  readonly where: string;
}

/** One value that one layer gives to one setting. */
export interface Entry {
  readonly key: SettingKey;
  /** The last part of the key of a family: a tier, a list, a parameter. */
  readonly member?: string;
  readonly value: unknown;
  /** The value is a text of a variable or flag and may stand for a number or a truth value. */
  readonly isText: boolean;
  /** Folder that a relative path is relative to. */
  readonly folder: string;
  readonly origin: Origin;
  readonly place: ErrorPlace;
}

/** `tiers.thresholds.RED`: the whole key as people write it. */
export function fullKey(entry: Pick<Entry, 'key' | 'member'>): string {
  return entry.member === undefined ? entry.key : `${entry.key}.${entry.member}`;
}

/** The value of an entry, checked; a path is made absolute. Throws HF103. */
export function readEntry(entry: Entry): unknown {
  const setting = settingOf(entry.key);
  const value = checkedValue(entry);
  return setting.kind === 'one' && setting.isPath === true ? resolve(entry.folder, String(value)) : value;
}

function checkedValue(entry: Entry): unknown {
  const { schema } = settingOf(entry.key);
  const candidates = entry.isText ? meanings(String(entry.value)) : [entry.value];
  for (const candidate of candidates) {
    const result = schema.safeParse(candidate);
    if (result.success) return result.data;
  }
  const problems = candidates.map((candidate) => ({
    candidate,
    issues: schema.safeParse(candidate).error?.issues ?? [],
  }));
  // "2" for a text of a certain form: the form is the problem, not that 2 is a number.
  const telling =
    problems.find(({ issues }) => issues.every((issue) => issue.code !== 'invalid_type')) ?? problems[0];
  const problem = explainIssues(schema, telling?.candidate, telling?.issues ?? [])[0];
  throw new HoldfastError('HF103', {
    message: `${fullKey(entry)} cannot be read: ${problem?.message ?? 'the value does not fit'}`,
    hint: `${fullKey(entry)}: ${settingOf(entry.key).help}`,
    place: entry.place,
  });
}

/** What a text may stand for, the likeliest first: a number, a truth value, itself. */
function meanings(text: string): unknown[] {
  if (/^[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$/.test(text)) return [Number(text), text];
  return text === 'true' || text === 'false' ? [text === 'true', text] : [text];
}

/**
 * The setting that a dotted key names, with the member where it is a family. Undefined where there
 * is none.
 */
export function findKey(dotted: string): Pick<Entry, 'key' | 'member'> | undefined {
  for (const key of SETTING_KEYS) {
    const isFamily = settingOf(key).kind === 'family';
    if (!isFamily && dotted === key) return { key };
    if (isFamily && dotted.startsWith(`${key}.`) && dotted.length > key.length + 1) {
      return { key, member: dotted.slice(key.length + 1) };
    }
  }
  return undefined;
}

/** HF102 for a key that no setting has, with the nearest known one. */
export function unknownKey(dotted: string, known: readonly string[], place: ErrorPlace): HoldfastError {
  const secret = secretInTheOpen(dotted, place);
  if (secret !== undefined) return secret;
  const nearest = nearestWord(dotted, known);
  return new HoldfastError('HF102', {
    message: `the configuration key ${dotted} is unknown`,
    hint:
      nearest === undefined
        ? '`holdfast config show` lists all keys'
        : `did you mean ${nearest}? \`holdfast config show\` lists all keys`,
    place,
  });
}
