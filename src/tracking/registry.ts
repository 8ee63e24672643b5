/** Registered models: versions, aliases, stages, tags. */
import { DownloadAddress, Nothing, type Version, VersionAnswer, VersionsAnswer } from './answers.ts';
import type { Api } from './api.ts';
import { artifactRoot, type ArtifactRoot } from './artifacts.ts';
import type { Connection } from './connection.ts';
import { isServerCode } from './failure.ts';
import { artifactParts, fittingValue, searchableHash } from './names.ts';
import { CONTENT_HASH_TAG, rootOfRun } from './runs.ts';

/** Where a version stands, in the order of a model's life. */
export type Stage = 'none' | 'staging' | 'production' | 'archived';

/** One version of a registered model. */
export interface ModelVersion {
  readonly name: string;
  /** Counted from 1 by the server. */
  readonly version: number;
  /** Empty where the version has no run. */
  readonly runId: string;
  /** Where its files are, such as `runs:/<run>/model`. */
  readonly source: string;
  readonly description: string;
  readonly stage: Stage;
  readonly tags: Readonly<Record<string, string>>;
  readonly aliases: readonly string[];
}

/** A version that is to be made of artifacts of a run. */
export interface NewVersion {
  readonly name: string;
  readonly runId: string;
  /** Folder below the artifacts of the run that holds the model. */
  readonly artifactPath: string;
  /** What makes two versions the same one; it becomes the tag `holdfast.content_hash`. */
  readonly contentHash: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly description?: string;
}

export interface CreatedVersion {
  readonly version: ModelVersion;
  /** False where the model had a version with this content. */
  readonly isNew: boolean;
}

const STAGES: Readonly<Record<Stage, string>> = {
  none: 'None',
  staging: 'Staging',
  production: 'Production',
  archived: 'Archived',
};

/** Makes a registered model; one that is there is left as it is. */
export async function ensureModel(api: Api, name: string, description?: string): Promise<void> {
  try {
    await api.put('registered-models/create', { name, description }, Nothing);
  } catch (error) {
    if (!isServerCode(error, 'RESOURCE_ALREADY_EXISTS')) throw error;
  }
}

/** The newest version of a model with this content. */
export async function findVersion(
  api: Api,
  name: string,
  contentHash: string,
): Promise<ModelVersion | undefined> {
  // Without the name, which may hold any quote: a hash is in few versions.
  const filter = `tags.\`${CONTENT_HASH_TAG}\` = '${searchableHash(contentHash)}'`;
  const found: Version[] = [];
  for (let page: string | undefined = ''; page !== undefined;) {
    const query = { filter, max_results: '1000', ...(page === '' ? {} : { page_token: page }) };
    const answer: { model_versions: Version[]; next_page_token?: string | undefined } = await api.get(
      'model-versions/search',
      query,
      VersionsAnswer,
    );
    found.push(...answer.model_versions.filter((version) => version.name === name));
    page = answer.next_page_token === '' ? undefined : answer.next_page_token;
  }
  const newest = found.sort((a, b) => b.version - a.version)[0];
  return newest === undefined ? undefined : modelVersion(newest);
}

/** Makes a version, or finds the one that has its content. The model must be there. */
export async function createVersion(
  api: Api,
  connection: Connection,
  wanted: NewVersion,
): Promise<CreatedVersion> {
  const { name, runId, artifactPath, contentHash, tags = {}, description = '' } = wanted;
  const all = { ...tags, [CONTENT_HASH_TAG]: searchableHash(contentHash) };
  const creation = {
    name,
    run_id: runId,
    source: `runs:/${[runId, ...artifactParts(artifactPath)].join('/')}`,
    description,
    tags: Object.entries(all).map(([key, value]) => ({ key, value: fittingValue(value, 'tag').text })),
  };
  return connection.withRetries(async () => {
    const found = await findVersion(api, name, contentHash);
    if (found !== undefined) return { version: found, isNew: false };
    const { model_version: made } = await api.create('model-versions/create', creation, VersionAnswer);
    return { version: modelVersion(made), isNew: true };
  });
}

/** The version that an alias of a model stands for; undefined where the alias or the model is none. */
export async function versionByAlias(
  api: Api,
  name: string,
  alias: string,
): Promise<ModelVersion | undefined> {
  try {
    const answer = await api.get('registered-models/alias', { name, alias }, VersionAnswer);
    return modelVersion(answer.model_version);
  } catch (error) {
    if (isNoAlias(error)) return undefined;
    throw error;
  }
}

export async function setAlias(api: Api, name: string, alias: string, version: number): Promise<void> {
  await api.put('registered-models/alias', { name, alias, version: String(version) }, Nothing);
}

/** Takes an alias away; one that is not there is no error. */
export async function deleteAlias(api: Api, name: string, alias: string): Promise<void> {
  try {
    await api.put('registered-models/alias', { name, alias }, Nothing, 'DELETE');
  } catch (error) {
    if (!isNoAlias(error)) throw error;
  }
}

export async function transitionStage(
  api: Api,
  name: string,
  version: number,
  stage: Stage,
  archiveExisting: boolean,
): Promise<void> {
  const change = { stage: STAGES[stage], archive_existing_versions: archiveExisting };
  await api.put('model-versions/transition-stage', { name, version: String(version), ...change }, Nothing);
}

export async function setVersionTags(
  api: Api,
  name: string,
  version: number,
  tags: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [key, value] of Object.entries(tags)) {
    const tag = { key, value: fittingValue(value, 'tag').text };
    await api.put('model-versions/set-tag', { name, version: String(version), ...tag }, Nothing);
  }
}

/** Where the files of a version lie. */
export async function rootOfVersion(api: Api, name: string, version: number): Promise<ArtifactRoot> {
  const query = { name, version: String(version) };
  const { artifact_uri: address } = await api.get('model-versions/get-download-uri', query, DownloadAddress);
  const ofRun = /^runs:\/+([^/]+)\/?(.*)$/.exec(address);
  if (ofRun === null) return artifactRoot(address);
  return [...(await rootOfRun(api, ofRun[1] ?? '')), ...artifactParts(ofRun[2] ?? '')];
}

/** An alias that is none is an invalid parameter to some servers, to others a thing that does not exist. */
function isNoAlias(error: unknown): boolean {
  if (isServerCode(error, 'RESOURCE_DOES_NOT_EXIST')) return true;
  return (
    isServerCode(error, 'INVALID_PARAMETER_VALUE') &&
    error instanceof Error &&
    /alias .* not found/i.test(error.message)
  );
}

function modelVersion(answer: Version): ModelVersion {
  const stage = answer.current_stage.toLowerCase();
  return {
    name: answer.name,
    version: answer.version,
    runId: answer.run_id,
    source: answer.source,
    description: answer.description,
    stage: isStage(stage) ? stage : 'none',
    tags: Object.fromEntries(answer.tags.map(({ key, value }) => [key, value])),
    aliases: answer.aliases,
  };
}

function isStage(text: string): text is Stage {
  return Object.hasOwn(STAGES, text);
}
