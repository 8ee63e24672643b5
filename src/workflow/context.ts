/** The composition root of a command: what its steps work with, opened once and released once. */
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { Config, Secrets } from '../config/index.ts';
import { duckDbAtFirstUse, type Engine, type openDuckDb } from '../engine/index.ts';
import { type Clock, type Progress, silentProgress, systemClock } from '../kernel/index.ts';
import { type Lake, openLake } from '../lake/index.ts';
import {
  type Explainer,
  type Learner,
  type LearnerOptions,
  openExplainer,
  openLearner,
} from '../learner/index.ts';
import type { Pack } from '../pack/index.ts';
import { openQualityLog, type QualityLog } from '../quality/index.ts';
import { openRegistry, type Registry } from '../registry/index.ts';
import { openRunLog, type RunLog } from '../store/index.ts';
import { foldersOf, type WorkspaceFolders } from './folders.ts';
import { type MlflowLink, openLink } from './mlflow/link.ts';

export interface Context extends AsyncDisposable {
  readonly config: Config;
  /** The pack with the settings of the configuration laid over its own. */
  readonly pack: Pack;
  readonly folders: WorkspaceFolders;
  readonly engine: Engine;
  readonly lake: Lake;
  readonly quality: QualityLog;
  readonly runs: RunLog;
  readonly registry: Registry;
  /** Undefined where no server is set. */
  readonly mlflow: MlflowLink | undefined;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly runId: string;
  /** Who is at work, as the machine knows them. */
  readonly user: string;
  readonly signal: AbortSignal | undefined;
  /**
   * A learner by its name, by default that of the pack, opened at its first use. Equal slots share one; work in
   * different slots goes on side by side.
   */
  readonly learner: (name?: string, slot?: number) => Promise<Learner>;
  /** Opens an explainer of a model; the caller disposes it. */
  readonly openExplainer: (modelText: string) => Promise<Explainer>;
}

export interface ContextOptions {
  readonly config: Config;
  readonly pack: Pack;
  readonly secrets?: Secrets;
  readonly progress?: Progress;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
}

/** What a context opens from outside; the benchmark records statements through it. */
export interface ContextEffects {
  readonly openEngine: typeof openDuckDb;
}

/** Opens engine, lake and logs of a workspace; the engine starts at its first use. The caller disposes the context. */
export async function openContext(
  options: ContextOptions,
  effects: ContextEffects = { openEngine: (settings) => Promise.resolve(duckDbAtFirstUse(settings)) },
): Promise<Context> {
  const { config, progress = silentProgress, clock = systemClock, signal } = options;
  const folders = foldersOf(config.workspace);
  const engine = await effects.openEngine({
    memoryLimit: config.engine.memory_limit,
    threads: config.engine.threads,
    temporaryFolder: folders.temporary,
  });
  const lake = openLake({ root: folders.lake, engine, clock, progress });
  const runId = `${clock
    .now()
    .toISOString()
    .replaceAll(/[-:]|\.\d+/g, '')}-${randomUUID().slice(0, 8)}`;
  const quality = openQualityLog({ engine, lake, clock, runId });
  const learners = new Map<string, Promise<Learner>>();
  return {
    config,
    pack: withSettings(options.pack, config),
    folders,
    engine,
    lake,
    quality,
    runs: openRunLog(config.state),
    registry: openRegistry(folders.models, clock),
    mlflow: openLink(config, options.secrets, signal),
    user: userName(),
    clock,
    progress,
    runId,
    signal,
    learner: (name = config.learner.name, slot = 0) => {
      const key = `${name} ${String(slot)}`;
      const learner = learners.get(key) ?? openLearner(name, { libraries: librariesOf(config) });
      learners.set(key, learner);
      return learner;
    },
    openExplainer: (modelText) =>
      openExplainer(modelText, { libraries: librariesOf(config), threads: config.learner.threads }),
    async [Symbol.asyncDispose]() {
      for (const learner of learners.values())
        await (await learner.catch(() => undefined))?.[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
    },
  };
}

/** Native libraries that the configuration names. */
export function librariesOf({ learner }: Config): NonNullable<LearnerOptions['libraries']> {
  return {
    ...(learner.library === undefined ? {} : { lightgbm: learner.library }),
    ...(learner.xgboost_library === undefined ? {} : { xgboost: learner.xgboost_library }),
  };
}

/** Lays configured settings over the pack's own, so that steps read one value. */
export function withSettings(pack: Pack, config: Config): Pack {
  const { threads: _threads, library: _library, xgboost_library: _xgboost, ...learner } = config.learner;
  const bad = config.max_bad_share;
  const sources =
    bad === undefined
      ? pack.file.sources
      : Object.fromEntries(
          Object.entries(pack.file.sources).map(([name, source]) => [
            name,
            { ...source, max_bad_share: bad },
          ]),
        );
  return {
    ...pack,
    file: {
      ...pack.file,
      sources,
      learner,
      tiers: config.tiers,
      lists: { ...config.lists },
      value: config.value,
    },
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run under a number that no user has.
    return `user ${String(process.getuid?.() ?? '')}`.trim();
  }
}
