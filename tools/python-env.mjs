/** Set-up step for tests: a Python environment with the packages that results are compared with. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findPython, inRoot, isStamped, run, say, tail, writeStamp } from './tool-support.mjs';

const FOLDER = inRoot('.venv');
const REQUIREMENTS = inRoot('tools', 'python-requirements.txt');
const STAMP = path.join(FOLDER, '.holdfast-requirements');
const PYTHON =
  process.platform === 'win32'
    ? path.join(FOLDER, 'Scripts', 'python.exe')
    : path.join(FOLDER, 'bin', 'python');

/**
 * Makes or renews `.venv`. Where that is not possible the tests go on without it, and say so: Python is
 * no prerequisite.
 */
export function makePythonEnvironment() {
  const stamp = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  if (isStamped(STAMP, stamp) && existsSync(PYTHON)) return;
  say('installing the Python packages that tests compare with');
  const python = findPython();
  if (python === undefined) {
    skip('there is no Python 3');
    return;
  }
  if (!run(PYTHON, ['-m', 'pip', '--version']).ok) {
    const made = run(python, ['-m', 'venv', '--clear', FOLDER]);
    if (!made.ok) {
      skip(
        'Python cannot make a virtual environment (Debian, Ubuntu: apt-get install python3-venv)',
        made.output,
      );
      return;
    }
  }
  const installed = run(PYTHON, [
    ...['-m', 'pip', 'install', '--disable-pip-version-check', '--only-binary=:all:', '--retries', '2'],
    ...['--requirement', REQUIREMENTS],
  ]);
  if (!installed.ok) {
    skip('pip cannot install the packages', installed.output);
    return;
  }
  writeStamp(STAMP, stamp);
}

function skip(reason, output = '') {
  say(`the comparisons with Python are skipped: ${reason}`);
  if (output !== '') process.stderr.write(`${tail(output, 4)}\n`);
}
