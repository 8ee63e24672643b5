/** Builds the command line from the command modules. */
import { Argument, Command, Option } from 'commander';
import type { FlagValue } from '../config/index.ts';
import { HoldfastError, nearestWord } from '../kernel/index.ts';
import type { CommandModule, Input } from './command.ts';
import { commonOptions, ownOption, readCommonOptions, type CommonOptions } from './options.ts';
import type { OutputStream } from './terminal.ts';

/** A command with what was typed for it. */
export interface Invocation {
  readonly command: CommandModule;
  readonly common: CommonOptions;
  readonly input: Input;
}

export interface ProgramOptions {
  /** Those that may be typed. */
  readonly commands: readonly CommandModule[];
  readonly version: string;
  /** Takes help texts. */
  readonly stdout?: OutputStream;
  readonly onInvocation?: (invocation: Invocation) => Promise<void>;
}

const COMMON_GROUP = 'Options of every command:';

/** The program with some commands. Failures of parsing are thrown as CommanderError. */
export function buildProgram(options: ProgramOptions): Command {
  const { commands, version, stdout } = options;
  const program = new Command('holdfast')
    .description('Who is about to leave, when, why, and what is worth doing about it.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showSuggestionAfterError(true)
    // A command may have an option of the program's name: `query --version 3` is no question for the version.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeErr: () => undefined, writeOut: (text) => stdout?.write(text) })
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', '\nStart with: holdfast demo');
  addCommonOptions(program);
  for (const command of commands) addCommand(program, command, options);
  return program;
}

function addCommand(
  program: Command,
  module: CommandModule,
  { commands, onInvocation }: Pick<ProgramOptions, 'commands' | 'onInvocation'>,
): void {
  const words = module.name.split(' ');
  const last = words.pop() ?? module.name;
  const parent = words.reduce((group, word) => groupNamed(commands, group, word), program);
  const command = parent.command(last).summary(module.summary).description(module.description);
  for (const argument of module.arguments ?? []) {
    const built = new Argument(argument.name, argument.help);
    command.addArgument(argument.choices === undefined ? built : built.choices([...argument.choices]));
  }
  for (const option of module.options ?? []) command.addOption(ownOption(option));
  addCommonOptions(command);
  command.addHelpOption(new Option('-h, --help', 'print help').helpGroup(COMMON_GROUP));
  command.addHelpText('after', `\nExamples:\n${examplesOf(module)}`);
  // Counted here and not by the parser, which cannot suggest the command that was meant.
  command.allowExcessArguments(true);
  command.action(async () => {
    refuseExcess(command);
    const common = readCommonOptions(command);
    const flags = [...common.flags, ...settingFlags(module, command)];
    await onInvocation?.({ command: module, common: { ...common, flags }, input: inputOf(command) });
  });
}

/** A command that only holds others, such as `config`. */
function groupNamed(commands: readonly CommandModule[], parent: Command, name: string): Command {
  const existing = parent.commands.find((item) => item.name() === name);
  if (existing !== undefined) return existing;
  const members = commands.filter((module) => module.name.startsWith(`${name} `));
  const summary = members.map((module) => module.summary).join('; ');
  const group = parent.command(name).summary(summary).description(`${summary}.`);
  addCommonOptions(group);
  return group;
}

/** Throws HF101 for words that the command does not take, with the nearest of its own commands. */
function refuseExcess(command: Command): void {
  const { registeredArguments: taken, args } = command;
  const excess = args[taken.length];
  if (excess === undefined || taken.at(-1)?.variadic === true) return;
  const name = command.name();
  const nearest = nearestWord(
    excess,
    command.commands.map((item) => item.name()),
  );
  throw new HoldfastError('HF101', {
    message: `${name} does not take "${excess}"`,
    hint:
      nearest === undefined
        ? `run holdfast help ${name} to see what it takes; a text with blanks needs quotes`
        : `did you mean ${name} ${nearest}?`,
  });
}

function addCommonOptions(command: Command): void {
  command.optionsGroup(COMMON_GROUP);
  for (const option of commonOptions()) command.addOption(option);
}

function examplesOf(module: CommandModule): string {
  return module.examples
    .map((example) => `  ${example.explains}:\n    $ holdfast ${example.command}`)
    .join('\n');
}

/** What options that stand for settings say, such as `--capacity loyalty=500`. */
function settingFlags(module: CommandModule, command: Command): FlagValue[] {
  return (module.options ?? []).flatMap((option) => {
    const { setting } = option;
    if (setting === undefined) return [];
    const built = ownOption(option);
    const values: unknown = command.getOptionValue(built.attributeName());
    const texts = Array.isArray(values) ? values.map(String) : [];
    return texts.flatMap((text) =>
      setting(text).map((pair) => ({ ...pair, flag: built.long ?? option.flags })),
    );
  });
}

function inputOf(command: Command): Input {
  const text = (option: string): string | undefined => {
    const value: unknown = command.getOptionValue(option);
    return typeof value === 'string' ? value : undefined;
  };
  return {
    arguments: command.processedArgs.flat().filter((value): value is string => typeof value === 'string'),
    text,
    integer: (option) => {
      const value = text(option);
      return value === undefined ? undefined : Number(value);
    },
    list: (option) => {
      const value: unknown = command.getOptionValue(option);
      return Array.isArray(value) ? value.map(String) : [];
    },
    flag: (option) => command.getOptionValue(option) === true,
  };
}
