/** What the set-up steps that install Python packages share: a virtual environment that follows a list. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { findPython, inRoot, isStamped, run, say, tail, writeStamp } from './tool-support.mjs';

/**
 * Makes or renews a virtual environment. Where that is not possible the tests go on without it, and say so:
 * Python is no prerequisite.
 *
 * @param {{folder: string, requirements: string, what: string, without: string}} environment names of its
 *   folder in the package and of its list of packages in `tools`, what is installed, what is skipped without it
 */
export function makeVirtualEnvironment({ folder, requirements, what, without }) {
  const root = inRoot(folder);
  const list = inRoot('tools', requirements);
  const stampFile = path.join(root, '.holdfast-requirements');
  const ownPython =
    process.platform === 'win32'
      ? path.join(root, 'Scripts', 'python.exe')
      : path.join(root, 'bin', 'python');
  const stamp = createHash('sha256').update(readFileSync(list)).digest('hex');
  if (isStamped(stampFile, stamp) && existsSync(ownPython)) return;
  say(`installing ${what}`);
  const skip = (reason, output = '') => {
    say(`${without} are skipped: ${reason}`);
    if (output !== '') process.stderr.write(`${tail(output, 4)}\n`);
  };
  const python = findPython();
  if (python === undefined) {
    skip('there is no Python 3');
    return;
  }
  if (!run(ownPython, ['-m', 'pip', '--version']).ok) {
    const made = run(python, ['-m', 'venv', '--clear', root]);
    if (!made.ok) {
      skip(
        'Python cannot make a virtual environment (Debian, Ubuntu: apt-get install python3-venv)',
        made.output,
      );
      return;
    }
  }
  const installed = run(ownPython, [
    ...['-m', 'pip', 'install', '--disable-pip-version-check', '--only-binary=:all:', '--retries', '2'],
    ...['--requirement', list],
  ]);
  if (!installed.ok) {
    skip('pip cannot install the packages', installed.output);
    return;
  }
  writeStamp(stampFile, stamp);
}
