/** What set-up steps share that take programs from the packages of Debian and Ubuntu. */
import { run, say, tail } from './tool-support.mjs';

/**
 * Installs what is missing, where that is possible, and says why not where it is not.
 *
 * @param {readonly {package_: string, what: string, isThere: () => boolean}[]} packages `what`: those who go without
 */
export function installDebianPackages(packages) {
  const missing = packages.filter(({ isThere }) => !isThere());
  if (missing.length === 0) return;
  const names = missing.map(({ package_ }) => package_);
  const skip = (reason, output = '') => {
    for (const { what } of missing) say(`${what} are skipped: ${reason}`);
    if (output !== '') process.stderr.write(`${tail(output, 4)}\n`);
  };
  if (run('apt-get', ['--version']).missing) {
    skip(`there is no apt-get to install ${names.join(' and ')} with`);
    return;
  }
  if (process.getuid?.() !== 0) {
    skip(`only root may install packages (sudo apt-get install ${names.join(' ')})`);
    return;
  }
  say(`installing ${names.join(' and ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  run('apt-get', ['update', '--quiet'], { env });
  const installed = run('apt-get', ['install', '--yes', '--no-install-recommends', ...names], { env });
  if (!installed.ok) skip('apt-get cannot install the packages', installed.output);
}
