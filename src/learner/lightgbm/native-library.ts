/** Where the native library lies, and what to say when it does not work. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { HoldfastError } from '../../kernel/index.ts';

/** A native LightGBM library on this machine. */
export interface NativeLibrary {
  readonly path: string;
  /** Release number, or `custom` for a library of the user's own that does not tell. */
  readonly version: string;
}

interface PinnedLibraries {
  readonly version: string;
  readonly platforms: Readonly<Record<string, { readonly member: string } | undefined>>;
}

/** The folder of the package: three levels up both from `src` and from `dist`. */
const packageRoot = fileURLToPath(new URL('../../../', import.meta.url));

function pinnedLibraries(): PinnedLibraries {
  const text = readFileSync(path.join(packageRoot, 'tools', 'native-libraries.json'), 'utf8');
  return (JSON.parse(text) as { lightgbm: PinnedLibraries }).lightgbm;
}

/**
 * Finds the library: `explicitPath` (a setting or HOLDFAST_LIGHTGBM_LIBRARY) first, else the one that
 * `npm run setup` fetched.
 *
 * @throws HF501 when there is none.
 */
export function findLibrary(explicitPath: string | undefined): NativeLibrary {
  if (explicitPath !== undefined && explicitPath !== '') {
    if (!existsSync(explicitPath)) {
      throw new HoldfastError('HF501', {
        message: `the LightGBM library '${explicitPath}' does not exist`,
        hint: 'correct the path in HOLDFAST_LIGHTGBM_LIBRARY, or unset it and run `npm run setup`',
      });
    }
    return { path: path.resolve(explicitPath), version: versionBeside(explicitPath) };
  }
  const pinned = pinnedLibraries();
  const platform = `${process.platform}-${process.arch}`;
  const member = pinned.platforms[platform]?.member;
  if (member === undefined) {
    throw new HoldfastError('HF501', {
      message: `there is no ready-made LightGBM library for ${platform}`,
      hint: `build LightGBM ${pinned.version} and name the library in HOLDFAST_LIGHTGBM_LIBRARY`,
    });
  }
  const folder = path.join(packageRoot, '.native', `lightgbm-${pinned.version}-${platform}`);
  const file = path.join(folder, path.posix.basename(member));
  if (!existsSync(file)) {
    throw new HoldfastError('HF501', {
      message: `the LightGBM library is not there: '${file}'`,
      hint: 'run `npm run setup`, or name a library of your own in HOLDFAST_LIGHTGBM_LIBRARY',
    });
  }
  return { path: file, version: pinned.version };
}

/** The release of a library inside Python's lightgbm package, which says so in a file of its own. */
function versionBeside(libraryPath: string): string {
  const file = path.resolve(libraryPath, '..', '..', 'VERSION.txt');
  const text = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  return /^\d+\.\d+\.\d+[\w.+-]*$/.test(text) ? text : 'custom';
}

/** The error for a library that is there but does not load; `cause` is what the loader threw. */
export function notUsable(libraryPath: string, cause: unknown): HoldfastError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HoldfastError('HF501', {
    message: `the LightGBM library '${libraryPath}' does not load: ${reason}`,
    hint: loadHint(reason),
    cause,
  });
}

function loadHint(reason: string): string {
  if (reason.includes('libgomp')) {
    return 'install the OpenMP runtime (Debian, Ubuntu: `apt-get install libgomp1`; Fedora: `dnf install libgomp`)';
  }
  if (reason.includes('libomp')) return 'install the OpenMP runtime: `brew install libomp`';
  if (reason.includes('GLIBC')) return 'use a system with glibc 2.28 or newer';
  return 'delete the .native folder and run `npm run setup`, or name another library in HOLDFAST_LIGHTGBM_LIBRARY';
}
