/** Runs of an experiment: params, metrics, tags and files of one training, logged once. */
import { hashOf } from '../kernel/index.ts';
import { CreatedExperiment, ExperimentAnswer, Nothing, RunAnswer, RunsAnswer } from './answers.ts';
import type { Api } from './api.ts';
import { type Artifact, artifactRoot, type ArtifactRoot, uploadArtifact } from './artifacts.ts';
import type { Connection } from './connection.ts';
import { isServerCode, unusable } from './failure.ts';
import { fittingValue, searchableHash, validNames } from './names.ts';

/** A figure of a run. `step` is a place on its curve; 0 where there is but one. */
export interface TrackedMetric {
  readonly name: string;
  readonly value: number;
  readonly step?: number;
}

/** One run as it is to stand on the server. */
export interface TrackedRun {
  /** Name of the experiment; it is made where it is not there. */
  readonly experiment: string;
  readonly runName: string;
  readonly params: Readonly<Record<string, string | number | boolean>>;
  readonly metrics: readonly TrackedMetric[];
  readonly tags: Readonly<Record<string, string>>;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly status: 'finished' | 'failed' | 'killed';
  readonly artifacts: readonly Artifact[];
  /**
   * What makes two runs the same one, whenever they are sent; by default the hash of everything but the artifacts.
   */
  readonly contentHash?: string;
}

/** A run that is on the server. */
export interface LoggedRun {
  readonly runId: string;
  /** False where the whole run was there before. */
  readonly isNew: boolean;
  /** What the server could not take as it was, a sentence each: names made valid, values cut, figures left out. */
  readonly notes: readonly string[];
}

/** The tag by which a run or version that was pushed before is found. */
export const CONTENT_HASH_TAG = 'holdfast.content_hash';

/** Limits of one `log-batch` request. */
const MOST = { metrics: 1000, params: 100, tags: 100 } as const;
/** The server takes a million; the rest is for the frame. */
const BATCH_BYTES = 900_000;

/** Logs a run: finds it by its content, goes on with one that was cut off, or makes it. */
export async function logRun(api: Api, connection: Connection, run: TrackedRun): Promise<LoggedRun> {
  const { artifacts, startedAt, endedAt, ...described } = run;
  const times = [startedAt.toISOString(), endedAt.toISOString()];
  const contentHash = searchableHash(run.contentHash ?? hashOf({ ...described, times }));
  const experiment = await experimentId(api, connection, run.experiment);
  const found = await openRun(api, connection, experiment, run, contentHash);
  // The end is written last: a run with one is complete.
  if (found.status !== 'RUNNING') return { runId: found.runId, isNew: false, notes: [] };
  const { runId } = found;
  const { batches, notes } = contentOf(run);
  for (const batch of batches) await api.put('runs/log-batch', { run_id: runId, ...batch }, Nothing);
  for (const artifact of artifacts) await uploadArtifact(connection, found.root, artifact);
  const end = { status: run.status.toUpperCase(), end_time: run.endedAt.getTime() };
  await api.put('runs/update', { run_id: runId, ...end }, Nothing);
  return { runId, isNew: true, notes };
}

/** Where the artifacts of a run lie. */
export async function rootOfRun(api: Api, runId: string): Promise<ArtifactRoot> {
  const { run } = await api.get('runs/get', { run_id: runId }, RunAnswer);
  return artifactRoot(run.info.artifact_uri);
}

async function experimentId(api: Api, connection: Connection, name: string): Promise<string> {
  return connection.withRetries(async () => {
    const found = await findExperiment(api, name);
    if (found !== undefined) return found;
    try {
      return (await api.create('experiments/create', { name }, CreatedExperiment)).experiment_id;
    } catch (error) {
      // Another one made it in between, or it did arrive before the connection broke.
      const made = isServerCode(error, 'RESOURCE_ALREADY_EXISTS')
        ? await findExperiment(api, name)
        : undefined;
      if (made === undefined) throw error;
      return made;
    }
  });
}

async function findExperiment(api: Api, name: string): Promise<string | undefined> {
  try {
    const query = { experiment_name: name };
    const { experiment } = await api.get('experiments/get-by-name', query, ExperimentAnswer);
    if (experiment.lifecycle_stage !== 'deleted') return experiment.experiment_id;
  } catch (error) {
    if (isServerCode(error, 'RESOURCE_DOES_NOT_EXIST')) return undefined;
    throw error;
  }
  throw unusable(
    `the experiment ${name} was deleted on the tracking server`,
    'restore it there, or choose another one with mlflow.experiment',
  );
}

interface OpenRun {
  readonly runId: string;
  readonly status: string;
  readonly root: ArtifactRoot;
}

async function openRun(
  api: Api,
  connection: Connection,
  experiment: string,
  run: TrackedRun,
  contentHash: string,
): Promise<OpenRun> {
  const search = {
    experiment_ids: [experiment],
    filter: `tags.\`${CONTENT_HASH_TAG}\` = '${contentHash}'`,
    run_view_type: 'ACTIVE_ONLY',
    max_results: 1,
  };
  const creation = {
    experiment_id: experiment,
    run_name: run.runName,
    start_time: run.startedAt.getTime(),
    tags: [{ key: CONTENT_HASH_TAG, value: contentHash }],
  };
  return connection.withRetries(async () => {
    const { runs } = await api.put('runs/search', search, RunsAnswer);
    const { info } = runs[0] ?? (await api.create('runs/create', creation, RunAnswer)).run;
    return { runId: info.run_id, status: info.status, root: artifactRoot(info.artifact_uri) };
  });
}

interface Content {
  readonly batches: readonly Readonly<Record<string, readonly object[]>>[];
  readonly notes: readonly string[];
}

/** Params, metrics and tags as the requests that carry them. */
function contentOf({ params, metrics, tags, endedAt }: TrackedRun): Content {
  const notes: string[] = [];
  const named = (kind: string, names: readonly string[]): ReadonlyMap<string, string> => {
    const valid = validNames(names);
    for (const [name, given] of valid)
      if (name !== given) notes.push(`${kind} ${name} is called ${given} on the tracking server`);
    return valid;
  };
  const texts = (kind: 'param' | 'tag', values: Readonly<Record<string, unknown>>): object[] => {
    const names = named(kind, Object.keys(values));
    return Object.entries(values).map(([name, value]) => {
      const { text, isCut } = fittingValue(String(value), kind);
      if (isCut) notes.push(`the value of ${kind} ${name} is cut: the tracking server takes no longer one`);
      return { key: names.get(name), value: text };
    });
  };
  const finite = metrics.filter(({ value }) => Number.isFinite(value));
  const left = new Set(metrics.filter(({ value }) => !Number.isFinite(value)).map(({ name }) => name));
  for (const name of left) notes.push(`metric ${name} is left out where it is not a number`);
  const metricNames = named(
    'metric',
    finite.map(({ name }) => name),
  );
  // The same time at each attempt: the server keeps a figure that it is told again only once.
  const timestamp = endedAt.getTime();
  const figures = finite.map(({ name, value, step = 0 }) => ({
    key: metricNames.get(name),
    value,
    step,
    timestamp,
  }));
  return {
    batches: [
      ...batchesOf(texts('param', params), MOST.params).map((items) => ({ params: items })),
      ...batchesOf(figures, MOST.metrics).map((items) => ({ metrics: items })),
      ...batchesOf(texts('tag', tags), MOST.tags).map((items) => ({ tags: items })),
    ],
    notes,
  };
}

/** Items in their order, so many to a batch at most, and not more than a request may hold. */
function batchesOf(items: readonly object[], most: number): object[][] {
  const batches: object[][] = [];
  let size = Infinity;
  for (const item of items) {
    const bytes = Buffer.byteLength(JSON.stringify(item)) + 1;
    const last = batches.at(-1);
    if (last === undefined || last.length >= most || size + bytes > BATCH_BYTES) {
      batches.push([item]);
      size = bytes;
    } else {
      last.push(item);
      size += bytes;
    }
  }
  return batches;
}
