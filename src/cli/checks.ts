/** The checks of `holdfast doctor`: each says what it found and how to mend what is wrong. */
import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ResolvedConfig } from '../config/index.ts';
import { formatPlace, HoldfastError } from '../kernel/index.ts';
import type { Session } from './command.ts';
import { formatBytes } from './format.ts';
import { loadEngine, loadLearner } from './rooms.ts';

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  /** What was found. */
  readonly detail: string;
  /** What to do where the check failed. */
  readonly mend?: string;
}

/** What a job on a small workspace needs; a full disk in the middle of one is the dearest failure. */
const LEAST_FREE_BYTES = 2e9;
const OLDEST_NODE = { major: 20, minor: 19 };

/** Runs all checks; none of them changes anything. */
export async function runChecks(session: Session): Promise<Check[]> {
  const settings = await attempt(() => session.resolve());
  const resolved = settings.value;
  const workspace = resolved?.config.workspace ?? process.cwd();
  return [
    checkNode(process.versions.node),
    await checkEngine(),
    await checkLearner(resolved),
    await checkLibraries(resolved),
    checkSettings(resolved, settings.error),
    await checkWritable('workspace', workspace),
    await checkDisk(workspace),
  ];
}

/** Node at least as new as the package demands. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const ok = major > OLDEST_NODE.major || (major === OLDEST_NODE.major && minor >= OLDEST_NODE.minor);
  const wanted = `${OLDEST_NODE.major}.${OLDEST_NODE.minor}`;
  return {
    name: 'Node',
    ok,
    detail: version,
    ...(ok ? {} : { mend: `install Node ${wanted} or newer` }),
  };
}

async function checkEngine(): Promise<Check> {
  const { value, error } = await attempt(async () => {
    const { openDuckDb } = await loadEngine();
    await using engine = await openDuckDb();
    await engine.rows('SELECT 1 AS one');
    return engine.version;
  });
  if (value !== undefined) return { name: 'SQL engine', ok: true, detail: `DuckDB ${value}` };
  return failed(
    'SQL engine',
    error,
    'run `npm run setup`; DuckDB needs a 64-bit system with glibc 2.28 or newer',
  );
}

/** The learner of the pack must work. */
async function checkLearner(resolved: ResolvedConfig | undefined): Promise<Check> {
  const { value, error } = await openedLearner(resolved, resolved?.config.learner.name ?? 'lightgbm');
  if (value !== undefined) return { name: 'learner', ok: true, detail: value };
  return failed('learner', error, 'run `npm run setup`, or name a library of your own in the settings');
}

/** Says of both libraries what there is; another pack may need the one that this pack does not. */
async function checkLibraries(resolved: ResolvedConfig | undefined): Promise<Check> {
  const found: string[] = [];
  for (const name of ['lightgbm', 'xgboost']) {
    const { value, error } = await openedLearner(resolved, name);
    const why = error instanceof HoldfastError ? `${error.code} ${error.message}` : String(error);
    found.push(value ?? `${name} is not usable (${why}), which only matters to packs that choose it`);
  }
  return { name: 'learner libraries', ok: true, detail: found.join(', ') };
}

function openedLearner(
  resolved: ResolvedConfig | undefined,
  name: string,
): Promise<{ readonly value?: string; readonly error?: unknown }> {
  const { library: lightgbm, xgboost_library: xgboost } = resolved?.config.learner ?? {};
  return attempt(async () => {
    const { openLearner } = await loadLearner();
    const libraries = {
      ...(lightgbm === undefined ? {} : { lightgbm }),
      ...(xgboost === undefined ? {} : { xgboost }),
    };
    await using learner = await openLearner(name, { libraries });
    return `${learner.name} ${learner.version}`;
  });
}

function checkSettings(resolved: ResolvedConfig | undefined, error: unknown): Check {
  const name = 'settings and pack';
  if (resolved === undefined) return failed(name, error, 'correct the file or the setting that is named');
  const { pack } = resolved;
  const features = Object.keys(pack.features).length;
  return {
    name,
    ok: true,
    detail: `pack ${pack.file.name} with ${pack.sql.length} tables and ${features} features`,
  };
}

async function checkWritable(name: string, folder: string): Promise<Check> {
  const existing = await nearestFolder(folder);
  const { error } = await attempt(async () => {
    await access(existing, constants.W_OK | constants.X_OK);
    return true;
  });
  const detail = existing === folder ? folder : `${folder} (will be made)`;
  if (error === undefined) return { name, ok: true, detail };
  return {
    name,
    ok: false,
    detail: `${existing} cannot be written to`,
    mend: 'allow writing to the folder, or choose another one with --workspace',
  };
}

async function checkDisk(folder: string): Promise<Check> {
  const { value } = await attempt(async () => statfs(await nearestFolder(folder)));
  // Some file systems do not say how much is free; that is no reason to stop anyone.
  if (value === undefined) return { name: 'disk', ok: true, detail: 'free space is not known' };
  const free = value.bavail * value.bsize;
  const ok = free >= LEAST_FREE_BYTES;
  return {
    name: 'disk',
    ok,
    detail: `${formatBytes(free)} free`,
    ...(ok ? {} : { mend: `free at least ${formatBytes(LEAST_FREE_BYTES)}, or choose another --workspace` }),
  };
}

/** The folder itself or its nearest parent that is there. */
async function nearestFolder(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  return isThere || dirname(folder) === folder ? folder : nearestFolder(dirname(folder));
}

function failed(name: string, error: unknown, mend: string): Check {
  if (error instanceof HoldfastError) {
    const where = formatPlace(error.place);
    return {
      name,
      ok: false,
      detail: `${error.code} ${where === '' ? '' : `${where}: `}${error.message}`,
      mend: error.hint ?? mend,
    };
  }
  return { name, ok: false, detail: error instanceof Error ? error.message : String(error), mend };
}

async function attempt<T>(work: () => Promise<T>): Promise<{ readonly value?: T; readonly error?: unknown }> {
  try {
    return { value: await work() };
  } catch (error) {
    return { error };
  }
}
