/** A model set on the tracking server: a run that holds its files, and a version of each registered model. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type LoadedSet, writeSetFolder } from '../../model/index.ts';
import type { Artifact, Mlflow, ModelVersion } from '../../tracking/index.ts';
import type { Context } from '../context.ts';
import { reportArtifacts } from './report-artifacts.ts';
import { describeRun, packNameOf, setModelName, setTags } from './tracked-run.ts';

/** A training as it went. */
export interface TrainingTimes {
  readonly runId: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** Versions on the server, by the name of the registered model: of the set first, then of each horizon. */
export type PushedVersions = ReadonlyMap<string, ModelVersion>;

/** Folder below the artifacts of a run that holds the set. */
const MODEL = 'model';

/** Logs a training with the folder of its set; the same training is logged once. Gives the server's id of the run. */
export async function logSet(
  { folders, progress }: Pick<Context, 'folders' | 'progress'>,
  link: { readonly client: Mlflow; readonly experiment: string },
  loaded: LoadedSet,
  training: TrainingTimes | null = trainingOf(loaded),
): Promise<string> {
  const staged = await mkdtemp(path.join(tmpdir(), 'holdfast-set-'));
  try {
    await writeSetFolder(path.join(staged, MODEL), folders.models, loaded);
    const createdAt = newest(loaded);
    const { runId, notes } = await link.client.logRun({
      ...describeRun(loaded, training?.runId ?? null),
      experiment: link.experiment,
      startedAt: training?.startedAt ?? createdAt,
      endedAt: training?.endedAt ?? createdAt,
      status: 'finished',
      artifacts: [...(await artifactsBelow(staged)), ...(await reportArtifacts(folders, loaded.set))],
      contentHash: training === null ? `set:${loaded.set.hash}` : `run:${training.runId}`,
    });
    for (const note of notes) progress.warn(note);
    return runId;
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

/**
 * Sees to it that the server has a version of the set and of each of its models, with their files. What is there
 * already, by its content, is taken; `runId` names a run that holds the files where the caller knows one.
 */
export async function pushSet(
  context: Pick<Context, 'folders' | 'progress'>,
  link: { readonly client: Mlflow; readonly experiment: string },
  loaded: LoadedSet,
  runId?: string,
): Promise<PushedVersions> {
  const { client } = link;
  const { set, models } = loaded;
  const setName = setModelName(packNameOf(loaded));
  const known = await client.findVersion(setName, set.hash);
  const knownRun = known?.runId === '' ? undefined : known?.runId;
  const run = knownRun ?? runId ?? (await logSet(context, link, loaded));
  const pushed: [string, ModelVersion][] = [];
  for (const { name, horizonDays, contentHash, provenance, lineage } of models) {
    await client.ensureModel(name, `leaves within ${String(horizonDays)} days`);
    const { version } = await client.createVersion({
      name,
      runId: run,
      artifactPath: `${MODEL}/${name}`,
      contentHash,
      tags: {
        'holdfast.pack': lineage.packName,
        'holdfast.pack_hash': lineage.packHash,
        'holdfast.run_id': provenance.runId,
      },
    });
    pushed.push([name, version]);
  }
  // Last, so that a set that is there has its models there.
  await client.ensureModel(setName, `model sets of the pack ${packNameOf(loaded)}: one model a horizon`);
  const { version } = await client.createVersion({
    name: setName,
    runId: run,
    artifactPath: MODEL,
    contentHash: set.hash,
    tags: setTags(loaded),
    description: models.map(({ name }) => `${name}/${String(versionIn(pushed, name))}`).join(', '),
  });
  return new Map([[setName, version], ...pushed]);
}

const versionIn = (pushed: readonly [string, ModelVersion][], name: string): number =>
  pushed.find(([model]) => model === name)?.[1].version ?? 0;

/** The training that made all models of a set; null where they are of several, as those of a composed set. */
function trainingOf(loaded: LoadedSet): TrainingTimes | null {
  const runs = new Set(loaded.models.map(({ provenance }) => provenance.runId));
  const [runId] = runs;
  const at = newest(loaded);
  return runId === undefined || runs.size > 1 ? null : { runId, startedAt: at, endedAt: at };
}

function newest({ models }: LoadedSet): Date {
  return new Date(
    models
      .map(({ provenance }) => provenance.createdAt)
      .sort()
      .at(-1) ?? 0,
  );
}

async function artifactsBelow(folder: string): Promise<Artifact[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ path: path.relative(folder, file).split(path.sep).join('/'), file }));
}
