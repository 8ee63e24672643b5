/** Set-up step: the official LightGBM library, out of its Python wheel, checked against a pinned hash. */
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

const LIBRARY_VARIABLE = 'HOLDFAST_LIGHTGBM_LIBRARY';

/** Fetches the library into `.native` unless it is there or the user names one of their own. */
export async function fetchNativeLibrary() {
  const own = process.env[LIBRARY_VARIABLE];
  if (own !== undefined && own !== '') {
    if (existsSync(own)) return;
    throw new SetupError(`${LIBRARY_VARIABLE} names '${own}', which does not exist: correct or unset it`);
  }
  const { version, platforms } = JSON.parse(
    readFileSync(inRoot('tools', 'native-libraries.json'), 'utf8'),
  ).lightgbm;
  const platform = `${process.platform}-${process.arch}`;
  const pinned = platforms[platform];
  const folder = inRoot('.native', `lightgbm-${version}-${platform}`);
  const name = path.posix.basename(pinned?.member ?? '');
  if (pinned !== undefined && existsSync(path.join(folder, name))) return;
  if (pinned === undefined || isMusl()) {
    throw new SetupError(
      `there is no ready-made LightGBM library for ${platform}${isMusl() ? ' with musl' : ''}: ` +
        `build LightGBM ${version} and name the library in ${LIBRARY_VARIABLE}`,
    );
  }
  say(`fetching the LightGBM ${version} library`);
  mkdirSync(inRoot('.native'), { recursive: true });
  // Beside its place, so that the rename at the end stays on one disk.
  const temporary = mkdtempSync(inRoot('.native', 'fetch-'));
  try {
    downloadWheel(version, pinned, temporary);
    const library = path.join(temporary, name);
    writeFileSync(library, await unpack(path.join(temporary, pinned.wheel), pinned));
    rmSync(path.join(temporary, pinned.wheel));
    checkLoads(library);
    // A temporary folder is its maker's alone; whoever runs Holdfast reads this one.
    chmodSync(temporary, 0o755);
    putInPlace(temporary, folder, name);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function downloadWheel(version, pinned, folder) {
  const instead = `or name a LightGBM ${version} library of your own in ${LIBRARY_VARIABLE}`;
  const python = findPython();
  if (python === undefined) {
    throw new SetupError(
      `Python 3, whose pip fetches the LightGBM library, is missing: install python3 and python3-pip, ${instead}`,
    );
  }
  if (!run(python, ['-m', 'pip', '--version']).ok) {
    throw new SetupError(
      `pip, which fetches the LightGBM library, is missing: install it (Debian, Ubuntu: apt-get install python3-pip), ${instead}`,
    );
  }
  const result = run(
    python,
    [
      ...['-m', 'pip', 'download', '--no-deps', '--only-binary=:all:', '--platform', pinned.platformTag],
      ...['--disable-pip-version-check', '--dest', folder, `lightgbm==${version}`],
    ],
    { env: { ...process.env, PIP_REQUIRE_VIRTUALENV: '0' } },
  );
  if (!result.ok || !existsSync(path.join(folder, pinned.wheel))) {
    throw new SetupError(
      `pip could not fetch the LightGBM library: check the connection to your package index, ${instead}\n${tail(result.output)}`,
    );
  }
}

/** The library out of a wheel (a zip file) that is byte for byte the pinned one. */
async function unpack(file, pinned) {
  const wheel = readFileSync(file);
  const hash = createHash('sha256').update(wheel).digest('hex');
  if (hash !== pinned.sha256) {
    throw new SetupError(
      `the LightGBM wheel that pip fetched is not the released one (SHA-256 ${hash}, expected ${pinned.sha256}): check your package index`,
    );
  }
  const { unzipSync } = await import('fflate');
  const library = unzipSync(wheel, { filter: (entry) => entry.name === pinned.member })[pinned.member];
  if (library === undefined) throw new SetupError(`the LightGBM wheel has no ${pinned.member}`);
  return library;
}

/** Loads the library in a process of its own, which a damaged one may take down. */
function checkLoads(library) {
  const script = `import koffi from 'koffi'; koffi.load(process.argv[1]);`;
  const result = run(process.execPath, ['--input-type=module', '--eval', script, library], { cwd: root });
  if (result.ok) return;
  if (result.output.includes('libgomp')) {
    throw new SetupError(
      'the OpenMP runtime libgomp.so.1, which LightGBM needs, is missing: install it (Debian, Ubuntu: apt-get install libgomp1; Fedora: dnf install libgomp)',
    );
  }
  if (result.output.includes('libomp')) {
    throw new SetupError(
      'the OpenMP runtime libomp, which LightGBM needs, is missing: install it with brew install libomp',
    );
  }
  throw new SetupError(`the LightGBM library does not load on this system\n${tail(result.output)}`);
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
