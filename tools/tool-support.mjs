/** What the set-up steps share. Plain JavaScript without packages: it runs before they are installed. */
import { spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the package. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** A step that cannot go on. `exitCode` 2: something is missing on this machine; 1: a check failed. */
export class SetupError extends Error {
  /**
   * @param {string} message one sentence saying what is wrong and what to do
   * @param {1 | 2} exitCode
   */
  constructor(message, exitCode = 2) {
    super(message);
    this.name = 'SetupError';
    this.exitCode = exitCode;
  }
}

/** Says on standard error what is going on; standard output belongs to the command that follows. */
export function say(line) {
  process.stderr.write(`setup: ${line}\n`);
}

/** A path inside the package. */
export function inRoot(...parts) {
  return path.join(root, ...parts);
}

/**
 * Runs a program to its end.
 *
 * @param {string} program
 * @param {readonly string[]} arguments_
 * @param {{cwd?: string, env?: NodeJS.ProcessEnv, shell?: boolean}} options
 * @returns {{ok: boolean, missing: boolean, output: string}} `missing`: there is no such program;
 *   `output`: both its streams
 */
export function run(program, arguments_, options = {}) {
  const result = spawnSync(program, arguments_, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    windowsHide: true,
    ...options,
  });
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`;
  return { ok: result.status === 0, missing: result.error?.code === 'ENOENT', output };
}

/** The last lines of a program's output, indented, for a message. */
export function tail(output, lines = 8) {
  return output
    .trim()
    .split('\n')
    .slice(-lines)
    .map((line) => `  ${line}`)
    .join('\n');
}

/** SHA-256 over the names and contents of files, in the order given. */
export function hashFiles(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(file);
    hash
      .update(`${path.relative(root, file).split(path.sep).join('/')}\0${content.length}\0`)
      .update(content);
  }
  return hash.digest('hex');
}

/** All files below a folder, in order of their names. */
export function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Whether a stamp file says exactly this. */
export function isStamped(file, stamp) {
  return existsSync(file) && readFileSync(file, 'utf8') === stamp;
}

/** Writes a stamp file so that it is there in full or not at all. */
export function writeStamp(file, stamp) {
  mkdirSync(path.dirname(file), { recursive: true });
  const temporary = `${file}.${randomUUID()}`;
  writeFileSync(temporary, stamp);
  renameSync(temporary, file);
}

/**
 * Python 3, by the name it has here, or undefined.
 *
 * @returns {string | undefined}
 */
export function findPython() {
  const names = process.platform === 'win32' ? ['python', 'python3'] : ['python3', 'python'];
  return names.find((name) => run(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']).ok);
}
