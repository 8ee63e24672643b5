/** Set-up step: the npm packages of the lock file. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { hashFiles, inRoot, isStamped, run, say, SetupError, tail, writeStamp } from './tool-support.mjs';

const NODE_LEAST = [20, 19];
const STAMP = inRoot('node_modules', '.holdfast-packages');
const MANIFEST = inRoot('package.json');
const LOCK = inRoot('package-lock.json');

/** Refuses a Node that the packages do not run on. */
export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > NODE_LEAST[0] || (major === NODE_LEAST[0] && minor >= NODE_LEAST[1])) return;
  throw new SetupError(
    `this is Node ${version}, and Holdfast needs ${NODE_LEAST.join('.')} or newer: install it from nodejs.org or your system's packages`,
  );
}

/** Installs the packages when node_modules does not belong to package.json and its lock file. */
export function installPackages() {
  // An installed package has neither lock file nor sources; npm has put its packages in place.
  if (!existsSync(LOCK)) return;
  const stamp = hashFiles([MANIFEST, LOCK]);
  if (isStamped(STAMP, stamp)) return;
  say('installing packages (about a minute the first time)');
  const lock = readFileSync(LOCK);
  const npm = npmCommand();
  // Not `npm ci`: npm 11's refuses a lock file that lacks a foreign platform's binaries.
  const result = run(
    npm.program,
    [...npm.arguments, 'install', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'],
    { shell: npm.shell },
  );
  if (result.missing) throw new SetupError('npm is missing: install it with Node');
  if (!result.ok) {
    throw new SetupError(
      `npm could not install the packages, see below and try again\n${tail(result.output)}`,
    );
  }
  // npm may add what this machine's registry knows about other platforms; the lock file is ours.
  if (lockBelongsToManifest(lock) && !readFileSync(LOCK).equals(lock)) writeFileSync(LOCK, lock);
  writeStamp(STAMP, hashFiles([MANIFEST, LOCK]));
}

/** The npm this was started by, else the one on the path. */
function npmCommand() {
  const current = process.env.npm_execpath;
  if (current !== undefined && /npm-cli\.c?js$/.test(current)) {
    return { program: process.execPath, arguments: [current], shell: false };
  }
  return { program: 'npm', arguments: [], shell: process.platform === 'win32' };
}

/** False when package.json asks for something else than the lock file: then npm's new lock is right. */
function lockBelongsToManifest(lock) {
  const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  const locked = JSON.parse(lock.toString('utf8')).packages?.[''] ?? {};
  return ['dependencies', 'devDependencies', 'optionalDependencies'].every((kind) => {
    const wanted = Object.entries(manifest[kind] ?? {}).sort();
    return JSON.stringify(wanted) === JSON.stringify(Object.entries(locked[kind] ?? {}).sort());
  });
}
