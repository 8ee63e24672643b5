/** Set-up step for the tests with services: Redis and PostgreSQL, from the packages of Debian and Ubuntu. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { installDebianPackages } from './debian-packages.mjs';
import { run } from './tool-support.mjs';

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
  installDebianPackages(PACKAGES);
}
