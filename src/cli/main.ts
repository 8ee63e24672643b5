/** The command line from the words typed to the exit code. */
import { type Command, CommanderError } from 'commander';
import { resolveConfig } from '../config/index.ts';
import { shellWord, systemClock, VERSION } from '../kernel/index.ts';
import type { CommandResult, Session } from './command.ts';
import { commandsFor } from './commands/index.ts';
import { asHoldfastError, reportFailure } from './failure.ts';
import { jsonValue } from './format.ts';
import { buildProgram, type Invocation } from './program.ts';
import type { CommonOptions } from './options.ts';
import { openProgress, throwIfInterrupted } from './progress.ts';
import { paintFor, type Terminal } from './terminal.ts';

/**
 * Runs one command and gives the exit code: 0 fine, 1 a check failed, 2 usage, configuration or
 * input, 3 internal fault, 130 interrupted. Never ends the process itself.
 */
export async function main(
  words: readonly string[],
  terminal: Terminal = processTerminal(),
): Promise<number> {
  const interruption = new AbortController();
  const stopListening = listenForInterruption(interruption, terminal);
  let exitCode = 0;
  const program = buildProgram({
    commands: await commandsFor(words),
    version: VERSION,
    stdout: terminal.stdout,
    onInvocation: async (invocation) => {
      exitCode = await invoke(program, invocation, terminal, interruption.signal);
    },
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    // Help and version end the parsing by an error of their own with exit code 0.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError && error.code === 'commander.help') {
      terminal.stderr.write(commandHelp(program.commands, words) ?? program.helpInformation());
      return 2;
    }
    const failure = asHoldfastError(error);
    reportFailure(failure, terminal, {
      json: words.includes('--json'),
      verbose: words.includes('--verbose'),
    });
    return failure.exitCode;
  } finally {
    stopListening();
  }
}

/** Help of the group that was named without one of its commands, such as `config`. */
function commandHelp(
  commands: readonly { name(): string; helpInformation(): string }[],
  words: readonly string[],
): string | undefined {
  return commands.find((command) => words.includes(command.name()))?.helpInformation();
}

async function invoke(
  program: Command,
  { command, common, input }: Invocation,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const progress = openProgress({ terminal, quiet: common.quiet, signal });
  const session: Session = {
    resolve: (more = [], options = {}) =>
      resolveConfig({ flags: [...common.flags, ...more], environment: terminal.environment, ...options }),
    progress,
    signal,
    clock: systemClock,
    terminal,
    verbose: common.verbose,
    program,
  };
  try {
    const result = await command.run(session, input);
    if (command.isService !== true) throwIfInterrupted(signal);
    progress.close();
    present(command.name, result, terminal, common);
    return result.exitCode ?? 0;
  } catch (error) {
    progress.close();
    const failure = asHoldfastError(error);
    reportFailure(failure, terminal, common);
    return failure.exitCode;
  }
}

function present(
  name: string,
  result: CommandResult,
  terminal: Terminal,
  { json, quiet, flags }: CommonOptions,
): void {
  if (json) {
    const document = { schema: `holdfast.${name.replaceAll(' ', '-')}/1`, ...result.data };
    terminal.stdout.write(`${JSON.stringify(document, jsonValue, 2)}\n`);
  } else if (result.text !== undefined && result.text !== '') {
    terminal.stdout.write(result.text.endsWith('\n') ? result.text : `${result.text}\n`);
  }
  if (quiet) return;
  const paint = paintFor(terminal.stderr, terminal.environment);
  const talk = [
    result.summary,
    result.next === undefined ? undefined : `Next: ${paint('bold', nextCommand(result.next, flags))}`,
  ].filter((part) => part !== undefined);
  if (talk.length > 0) terminal.stderr.write(`${talk.join(' ')}\n`);
}

/** The next command with the workspace and pack of this one, without which it would look elsewhere. */
function nextCommand(next: string, flags: CommonOptions['flags']): string {
  const places = flags.filter(({ flag }) => flag !== '--set' && !next.includes(` ${flag} `));
  return [next, ...places.map(({ flag, value }) => `${flag} ${shellWord(value)}`)].join(' ');
}

/**
 * The first Ctrl-C asks the work to end cleanly; a second one ends the process at once, which is
 * safe, since commits are atomic.
 */
function listenForInterruption(interruption: AbortController, terminal: Terminal): () => void {
  const onSignal = (): void => {
    terminal.stderr.write('\nStopping after what is under way. Press Ctrl-C again to stop at once.\n');
    interruption.abort();
    stop();
  };
  const stop = (): void => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return stop;
}

function processTerminal(): Terminal {
  return { stdout: process.stdout, stderr: process.stderr, environment: process.env };
}

/** Runs the command line of this process. A reader that closes the pipe early, as `head` does, is no failure. */
export async function runProcess(): Promise<void> {
  const reader = { left: false };
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      reader.left = true;
    });
  }
  const exitCode = await main(process.argv.slice(2));
  process.exitCode = reader.left ? 0 : exitCode;
}
