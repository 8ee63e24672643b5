/** Where native libraries lie, and what to say when one does not work. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { HoldfastError, packageFile } from '../kernel/index.ts';

/** A native library on this machine. */
export interface NativeLibrary {
  readonly path: string;
  /** Release number, or `custom` for a library of the user's own that does not tell. */
  readonly version: string;
}

/** What is known of a library before it is looked for. */
export interface LibraryName {
  /** Its key in `tools/native-libraries.json`. */
  readonly key: 'lightgbm' | 'xgboost';
  /** As messages name it. */
  readonly title: string;
  /** The environment variable that names a library of the user's own. */
  readonly variable: string;
}

export const LIGHTGBM: LibraryName = {
  key: 'lightgbm',
  title: 'LightGBM',
  variable: 'HOLDFAST_LIGHTGBM_LIBRARY',
};

export const XGBOOST: LibraryName = {
  key: 'xgboost',
  title: 'XGBoost',
  variable: 'HOLDFAST_XGBOOST_LIBRARY',
};

interface PinnedLibrary {
  readonly version: string;
  readonly platforms: Readonly<Record<string, { readonly library: string } | undefined>>;
}

function pinnedLibrary(key: LibraryName['key']): PinnedLibrary {
  const text = readFileSync(packageFile('tools', 'native-libraries.json'), 'utf8');
  return (JSON.parse(text) as Record<LibraryName['key'], PinnedLibrary>)[key];
}

/**
 * Finds a library: `explicitPath` (a setting) or what its variable names first, else the one that
 * `npm run setup` fetched.
 *
 * @throws HF501 when there is none.
 */
export function findLibrary(name: LibraryName, explicitPath = process.env[name.variable]): NativeLibrary {
  const { key, title, variable } = name;
  if (explicitPath !== undefined && explicitPath !== '') {
    if (!existsSync(explicitPath)) {
      throw new HoldfastError('HF501', {
        message: `the ${title} library '${explicitPath}' does not exist`,
        hint: `correct the path in ${variable}, or unset it and run \`npm run setup\``,
      });
    }
    return { path: path.resolve(explicitPath), version: versionBeside(explicitPath) };
  }
  const pinned = pinnedLibrary(key);
  const platform = `${process.platform}-${process.arch}`;
  const library = pinned.platforms[platform]?.library;
  if (library === undefined) {
    throw new HoldfastError('HF501', {
      message: `there is no ready-made ${title} library for ${platform}`,
      hint: `build ${title} ${pinned.version} and name the library in ${variable}`,
    });
  }
  const file = packageFile('.native', `${key}-${pinned.version}-${platform}`, library);
  if (!existsSync(file)) {
    throw new HoldfastError('HF501', {
      message: `the ${title} library is not there: '${file}'`,
      hint: `run \`npm run setup\`, or name a library of your own in ${variable}`,
    });
  }
  return { path: file, version: pinned.version };
}

/** The release of a library inside its Python package, which says so in a file of its own. */
function versionBeside(libraryPath: string): string {
  const file = ['VERSION.txt', 'VERSION']
    .map((name) => path.resolve(libraryPath, '..', '..', name))
    .find(existsSync);
  const text = file === undefined ? '' : readFileSync(file, 'utf8').trim();
  return /^\d+\.\d+\.\d+[\w.+-]*$/.test(text) ? text : 'custom';
}

/** The error for a library that is there but does not load; `cause` is what the loader threw. */
export function notUsable(
  { title, variable }: LibraryName,
  libraryPath: string,
  cause: unknown,
): HoldfastError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new HoldfastError('HF501', {
    message: `the ${title} library '${libraryPath}' does not load: ${reason}`,
    hint: loadHint(reason, variable),
    cause,
  });
}

function loadHint(reason: string, variable: string): string {
  if (reason.includes('libgomp')) {
    return 'install the OpenMP runtime (Debian, Ubuntu: `apt-get install libgomp1`; Fedora: `dnf install libgomp`)';
  }
  if (reason.includes('libomp')) return 'install the OpenMP runtime: `brew install libomp`';
  if (reason.includes('GLIBC')) return 'use a system with glibc 2.28 or newer';
  return `delete the .native folder and run \`npm run setup\`, or name another library in ${variable}`;
}
