/** Options of every command, and how typed options are read. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { FlagValue } from '../config/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { CommandOption } from './command.ts';

/** What the options of every command say. */
export interface CommonOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly flags: readonly FlagValue[];
}

const SETTING_FLAGS = ['workspace', 'pack', 'env', 'state'] as const;

/** The options that every command takes, before or after its name. */
export function commonOptions(): Option[] {
  return [
    new Option('--workspace <folder>', 'folder that holds everything (default: ./workspace)'),
    new Option('--pack <name>', 'name or folder of the pack (default: broadband)'),
    new Option('--env <name>', 'section of holdfast.yaml to lay over the rest: dev, staging or prod'),
    new Option('--state <folder>', 'folder of logs and work (default: state/ in the workspace)'),
    new Option('--set <key=value>', 'set any setting; may be given several times').argParser(collect),
    new Option('--json', 'print one JSON document and nothing else on standard output'),
    new Option('--quiet', 'only errors and the data asked for'),
    new Option('--verbose', 'show stack traces of failures'),
  ];
}

/** Reads the common options of a command and of the program before it. */
export function readCommonOptions(command: Command): CommonOptions {
  const chain: Command[] = [];
  for (let current: Command | null = command; current !== null; current = current.parent)
    chain.unshift(current);
  const layers = chain.map((item) => item.opts<Record<string, unknown>>());
  const last = (name: string): unknown => layers.findLast((layer) => layer[name] !== undefined)?.[name];
  const flags: FlagValue[] = [];
  for (const key of SETTING_FLAGS) {
    const value = last(key);
    if (typeof value === 'string') flags.push({ key, value, flag: `--${key}` });
  }
  const pairs = layers.flatMap((layer) => (Array.isArray(layer['set']) ? layer['set'].map(String) : []));
  flags.push(...pairs.map((pair) => ({ ...splitPair(pair, '--set'), flag: '--set' })));
  return {
    json: last('json') === true,
    quiet: last('quiet') === true,
    verbose: last('verbose') === true,
    flags,
  };
}

/** `key=value` in two. Throws HF101 where there is no `=`. */
export function splitPair(text: string, flag: string): { readonly key: string; readonly value: string } {
  const at = text.indexOf('=');
  if (at < 1) {
    throw new HoldfastError('HF101', {
      message: `${flag} takes name=value, not "${text}"`,
      hint: `write ${flag} <name>=<value> without blanks around the =`,
    });
  }
  return { key: text.slice(0, at), value: text.slice(at + 1) };
}

/** A command's own option as the parser wants it. */
export function ownOption(option: CommandOption): Option {
  const built = new Option(option.flags, option.help);
  if (option.choices !== undefined) built.choices([...option.choices]);
  else built.argParser(option.isList === true || option.setting !== undefined ? collect : parserOf(option));
  if (option.default !== undefined) built.default(option.default);
  if (option.isRequired === true) built.makeOptionMandatory();
  return built;
}

/** Takes the texts of an option that may be given several times. */
function collect(text: string, before: unknown): string[] {
  return [...(Array.isArray(before) ? before.map(String) : []), text];
}

function parserOf({ type }: CommandOption): (text: string) => string {
  const patterns = {
    text: { pattern: /^[\s\S]*$/, expected: 'a text' },
    integer: { pattern: /^-?[0-9]{1,15}$/, expected: 'a whole number' },
    count: { pattern: /^[0-9]{1,15}$/, expected: 'a whole number from 0 up' },
    date: {
      pattern: /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/,
      expected: 'a date such as 2024-09-01',
    },
    month: {
      pattern: /^[0-9]{4}-(0[1-9]|1[0-2])-01$/,
      expected: 'the first day of a month such as 2024-09-01',
    },
  };
  const { pattern, expected } = patterns[type ?? 'text'];
  return (text) => {
    if (pattern.test(text)) return text;
    throw new InvalidArgumentError(`Expected ${expected}.`);
  };
}
