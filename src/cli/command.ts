/** What a command is: every file in `commands/` exports one of these, named `command`. */
import type { Command } from 'commander';
import type { Clock } from '../kernel/index.ts';
import type { FlagValue, ResolvedConfig } from '../config/index.ts';
import type { TerminalProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

export interface CommandModule {
  /** Words after `holdfast`, such as `config show`. */
  readonly name: string;
  /** One line for the list of commands, without a full stop. */
  readonly summary: string;
  /** What it does, in a few sentences. */
  readonly description: string;
  readonly arguments?: readonly CommandArgument[];
  readonly options?: readonly CommandOption[];
  readonly examples: readonly [CommandExample, ...CommandExample[]];
  /** It works until it is interrupted, which is then no failure. */
  readonly isService?: true;
  run(session: Session, input: Input): Promise<CommandResult>;
}

export interface CommandArgument {
  /** As in usage: `<sql>` is needed, `[table]` may be left out, `[names...]` takes several. */
  readonly name: string;
  readonly help: string;
  readonly choices?: readonly string[];
}

export interface CommandOption {
  /** As in usage: `--customers <number>`, or `--retrain` for a switch. */
  readonly flags: string;
  readonly help: string;
  /** How the text is read; a switch has none. */
  readonly type?: 'text' | 'integer' | 'count' | 'date' | 'month';
  readonly default?: string;
  readonly choices?: readonly string[];
  /** May be given several times; the texts come as a list. */
  readonly isList?: true;
  readonly isRequired?: true;
  /** Turns the text into settings instead of input: `--capacity loyalty=500`. */
  readonly setting?: (text: string) => readonly { readonly key: string; readonly value: string }[];
}

export interface CommandExample {
  /** Without `holdfast`. */
  readonly command: string;
  readonly explains: string;
}

/** What was typed, checked by type. Options by their long name in camelCase. */
export interface Input {
  readonly arguments: readonly string[];
  text(option: string): string | undefined;
  integer(option: string): number | undefined;
  list(option: string): readonly string[];
  flag(option: string): boolean;
}

/** What a command works with. */
export interface Session {
  /** Settings and pack as the command line (and `more`, which wins), the variables and the workspace file say. */
  resolve(
    more?: readonly FlagValue[],
    options?: { readonly hasShortVariables?: boolean },
  ): Promise<ResolvedConfig>;
  readonly progress: TerminalProgress;
  /** Aborted when the user interrupts. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly terminal: Terminal;
  readonly verbose: boolean;
  /** All commands and options, for what is made from them. */
  readonly program: Command;
}

/** What a command gives back; the frame prints it. */
export interface CommandResult {
  /** What `--json` prints, beside `schema`. */
  readonly data: Readonly<Record<string, unknown>>;
  /** What people see on standard output: the data asked for. */
  readonly text?: string;
  /** The change of state in one sentence, on standard error. */
  readonly summary?: string;
  /** The command that comes next, with `holdfast`, on standard error. */
  readonly next?: string;
  /** 1 where a check failed; otherwise left out. */
  readonly exitCode?: 1;
}
