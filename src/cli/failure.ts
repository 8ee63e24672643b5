/** Failures as people and programs read them. */
import { CommanderError } from 'commander';
import { formatPlace, HoldfastError } from '../kernel/index.ts';
import { jsonValue } from './format.ts';
import { paintFor, type Terminal } from './terminal.ts';

/** Any failure as a HoldfastError: what the command line parser says as HF101, anything unforeseen as HF900. */
export function asHoldfastError(error: unknown): HoldfastError {
  if (error instanceof HoldfastError) return error;
  if (error instanceof CommanderError) return usageError(error);
  if (error instanceof Error && error.name === 'AbortError') {
    return new HoldfastError('HF930', { message: 'interrupted', cause: error });
  }
  const refused = refusedPath(error);
  if (refused !== undefined)
    return new HoldfastError('HF108', {
      message: refused.says,
      hint: refused.hint,
      ...(refused.file === undefined ? {} : { place: { file: refused.file } }),
      cause: error,
    });
  return new HoldfastError('HF900', {
    message: `something went wrong inside Holdfast: ${error instanceof Error ? error.message : String(error)}`,
    hint: 'run the command again with --verbose and report what it prints',
    cause: error,
  });
}

const REFUSALS: Readonly<Record<string, { readonly says: string; readonly hint: string }>> = {
  EACCES: {
    says: 'the file or folder may not be read or written by this user',
    hint: 'give this user the right to it, or choose another folder with --workspace or --state',
  },
  EPERM: {
    says: 'the system does not allow this file or folder to be changed',
    hint: 'give this user the right to it, or choose another folder with --workspace or --state',
  },
  EISDIR: {
    says: 'a folder lies where a file belongs',
    hint: 'move the folder away',
  },
  ENOTDIR: {
    says: 'a file lies where a folder belongs',
    hint: 'move the file away; the folder is made by itself',
  },
  EEXIST: {
    says: 'a file lies where a folder belongs',
    hint: 'move the file away; the folder is made by itself',
  },
  EROFS: {
    says: 'the disk can only be read',
    hint: 'choose a folder on another disk with --workspace or --state',
  },
  ENOSPC: {
    says: 'the disk is full',
    hint: 'make room and run the command again; what was committed stays',
  },
};

/** What the file system refused, which is nobody's fault inside. */
function refusedPath(
  error: unknown,
): { readonly says: string; readonly hint: string; readonly file: string | undefined } | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  const refusal = REFUSALS[String(error.code)];
  if (refusal === undefined) return undefined;
  return { ...refusal, file: 'path' in error && typeof error.path === 'string' ? error.path : undefined };
}

/** The parser's message reads `error: unknown option '--custmers'\n(Did you mean --customers?)`. */
function usageError(error: CommanderError): HoldfastError {
  const [first = '', suggestion] = error.message.split('\n');
  const nearest = /^\(Did you mean (.*)\?\)$/.exec(suggestion ?? '')?.[1];
  return new HoldfastError('HF101', {
    message: first.replace(/^error: /, '').replace(/\.$/, ''),
    hint:
      nearest === undefined ? 'run it again with --help to see what it takes' : `did you mean ${nearest}?`,
  });
}

/** Writes the failure: two lines for people, and with `--json` a document on standard output as well. */
export function reportFailure(
  error: HoldfastError,
  terminal: Terminal,
  options: { readonly json: boolean; readonly verbose: boolean },
): void {
  const paint = paintFor(terminal.stderr, terminal.environment);
  const where = formatPlace(error.place);
  const lines = [
    `${paint(['red', 'bold'], `error[${error.code}]:`)} ${where === '' ? '' : `${where}: `}${error.message}`,
  ];
  if (error.hint !== undefined) lines.push(`${paint('cyan', 'hint:')} ${error.hint}`);
  if (options.verbose) lines.push(...stackOf(error));
  terminal.stderr.write(`${lines.join('\n')}\n`);
  if (options.json) {
    const { code, message, hint, place } = error;
    const document = { schema: 'holdfast.error/1', error: { code, message, hint, ...place } };
    terminal.stdout.write(`${JSON.stringify(document, jsonValue)}\n`);
  }
}

function stackOf(error: Error): string[] {
  const lines = [error.stack ?? String(error)];
  let { cause } = error;
  while (cause instanceof Error) {
    lines.push(`caused by: ${cause.stack ?? String(cause)}`);
    cause = cause.cause;
  }
  return lines;
}
