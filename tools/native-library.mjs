/** Set-up step: the official native libraries, out of their Python wheels, checked against pinned hashes. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { findPython, inRoot, root, run, say, SetupError, tail } from './tool-support.mjs';

/** LightGBM is what packs use unless they say otherwise; without another library only its packs are refused. */
const LIBRARIES = [
  { key: 'lightgbm', title: 'LightGBM', variable: 'HOLDFAST_LIGHTGBM_LIBRARY', isRequired: true },
  { key: 'xgboost', title: 'XGBoost', variable: 'HOLDFAST_XGBOOST_LIBRARY', isRequired: false },
];

/** Fetches the libraries into `.native` unless they are there or the user names some of their own. */
export async function fetchNativeLibraries() {
  const pinned = JSON.parse(readFileSync(inRoot('tools', 'native-libraries.json'), 'utf8'));
  for (const library of LIBRARIES) {
    try {
      await fetchLibrary(library, pinned[library.key]);
    } catch (error) {
      if (library.isRequired || !(error instanceof SetupError)) throw error;
      say(`going on without ${library.title}, which packs may choose as their learner: ${error.message}`);
    }
  }
}

async function fetchLibrary(library, { version, platforms }) {
  const { key, title, variable } = library;
  const own = process.env[variable];
  if (own !== undefined && own !== '') {
    if (existsSync(own)) return;
    throw new SetupError(`${variable} names '${own}', which does not exist: correct or unset it`);
  }
  const platform = `${process.platform}-${process.arch}`;
  const pinned = platforms[platform];
  const folder = inRoot('.native', `${key}-${version}-${platform}`);
  if (pinned !== undefined && existsSync(path.join(folder, pinned.library))) return;
  if (pinned === undefined || isMusl()) {
    throw new SetupError(
      `there is no ready-made ${title} library for ${platform}${isMusl() ? ' with musl' : ''}: ` +
        `build ${title} ${version} and name the library in ${variable}`,
    );
  }
  say(`fetching the ${title} ${version} library`);
  mkdirSync(inRoot('.native'), { recursive: true });
  // Beside its place, so that the rename at the end stays on one disk.
  const temporary = mkdtempSync(inRoot('.native', 'fetch-'));
  try {
    downloadWheel(library, version, pinned, temporary);
    await unpack(title, path.join(temporary, pinned.wheel), pinned, temporary);
    rmSync(path.join(temporary, pinned.wheel));
    checkLoads(title, path.join(temporary, pinned.library));
    // A temporary folder is its maker's alone; whoever runs Holdfast reads this one.
    chmodSync(temporary, 0o755);
    putInPlace(temporary, folder, pinned.library);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function downloadWheel({ title, variable, isRequired }, version, pinned, folder) {
  const instead = `or name a ${title} ${version} library of your own in ${variable}`;
  const python = findPython();
  if (python === undefined) {
    throw new SetupError(
      `Python 3, whose pip fetches the ${title} library, is missing: install python3 and python3-pip, ${instead}`,
    );
  }
  if (!run(python, ['-m', 'pip', '--version']).ok) {
    throw new SetupError(
      `pip, which fetches the ${title} library, is missing: install it (Debian, Ubuntu: apt-get install python3-pip), ${instead}`,
    );
  }
  const result = run(
    python,
    [
      ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--platform', pinned.platformTag],
      // Nobody who is offline shall wait long for what they may not need.
      ...(isRequired ? [] : ['--retries', '1', '--timeout', '10']),
      ...['--disable-pip-version-check', '--dest', folder, `${pinned.distribution}==${version}`],
    ],
    { env: { ...process.env, PIP_REQUIRE_VIRTUALENV: '0' } },
  );
  if (!result.ok || !existsSync(path.join(folder, pinned.wheel))) {
    throw new SetupError(
      `pip could not fetch the ${title} library: check the connection to your package index, ${instead}\n${tail(result.output)}`,
    );
  }
}

/**
 * Takes the pinned members out of a wheel (a zip file) that is byte for byte the pinned one. A library alone
 * comes to lie in the folder itself; one that looks for others beside it keeps the wheel's folders.
 */
async function unpack(title, file, pinned, folder) {
  const wheel = readFileSync(file);
  const hash = createHash('sha256').update(wheel).digest('hex');
  if (hash !== pinned.sha256) {
    throw new SetupError(
      `the ${title} wheel that pip fetched is not the released one (SHA-256 ${hash}, expected ${pinned.sha256}): check your package index`,
    );
  }
  const { unzipSync } = await import('fflate');
  const files = unzipSync(wheel, { filter: (entry) => pinned.members.includes(entry.name) });
  for (const member of pinned.members) {
    if (files[member] === undefined) throw new SetupError(`the ${title} wheel has no ${member}`);
    const target = path.join(folder, member.endsWith(`/${pinned.library}`) ? pinned.library : member);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, files[member]);
  }
}

/** Loads the library in a process of its own, which a damaged one may take down. */
function checkLoads(title, library) {
  const script = `import koffi from 'koffi'; koffi.load(process.argv[1]);`;
  const result = run(process.execPath, ['--input-type=module', '--eval', script, library], { cwd: root });
  if (result.ok) return;
  if (result.output.includes('libgomp')) {
    throw new SetupError(
      `the OpenMP runtime libgomp.so.1, which ${title} needs, is missing: install it (Debian, Ubuntu: apt-get install libgomp1; Fedora: dnf install libgomp)`,
    );
  }
  if (result.output.includes('libomp')) {
    throw new SetupError(
      `the OpenMP runtime libomp, which ${title} needs, is missing: install it with brew install libomp`,
    );
  }
  throw new SetupError(`the ${title} library does not load on this system\n${tail(result.output)}`);
}

/** Another set-up may have been quicker; its library is the same. */
function putInPlace(temporary, folder, name) {
  try {
    renameSync(temporary, folder);
  } catch (error) {
    if (existsSync(path.join(folder, name))) return;
    // A folder without the library is what an interrupted copy by hand leaves.
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
    if (!existsSync(path.join(folder, name))) throw error;
  }
}

/** Whether this is a Linux without glibc, which the released libraries need. */
function isMusl() {
  return process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined;
}
