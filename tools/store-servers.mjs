/** Set-up step for the tests with services: Redis and PostgreSQL, from the packages of Debian and Ubuntu. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { run, say, tail } from './tool-support.mjs';

const POSTGRES_VERSIONS = '/usr/lib/postgresql';
const PACKAGES = [
  {
    package_: 'redis-server',
    what: 'the tests with Redis',
    isThere: () => !run('redis-server', ['--version']).missing,
  },
  { package_: 'postgresql', what: 'the tests with PostgreSQL', isThere: hasPostgres },
];

/** Debian puts the server into no folder of PATH: `/usr/lib/postgresql/15/bin`. */
function hasPostgres() {
  if (!run('postgres', ['--version']).missing) return true;
  if (!existsSync(POSTGRES_VERSIONS)) return false;
  return readdirSync(POSTGRES_VERSIONS).some((version) =>
    existsSync(path.join(POSTGRES_VERSIONS, version, 'bin', 'postgres')),
  );
}

/** Installs the servers that are missing, where that is possible. The tests start instances of their own. */
export function installStoreServers() {
  const missing = PACKAGES.filter(({ isThere }) => !isThere());
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
