/** The client of an MLflow tracking server and registry. */
import { openApi } from './api.ts';
import { artifactParts } from './names.ts';
import { downloadFolder, type DownloadLimits, type Transfer, uploadFolder } from './artifacts.ts';
import { type MlflowOptions, openConnection } from './connection.ts';
import {
  type CreatedVersion,
  createVersion,
  deleteAlias,
  ensureModel,
  findVersion,
  type ModelVersion,
  type NewVersion,
  rootOfVersion,
  setAlias,
  setVersionTags,
  type Stage,
  transitionStage,
  versionByAlias,
} from './registry.ts';
import { type LoggedRun, logRun, rootOfRun, type TrackedRun } from './runs.ts';

/**
 * What Holdfast does with a tracking server. Every call may throw HF701 (not reachable, too slow, not able to answer:
 * see `isUnavailable`), HF702 (refused), HF703 (did not accept, or gave what cannot be used) and HF930 (interrupted).
 * A call that is made again finds what the first one left.
 */
export interface Mlflow {
  /** The server's address as it may be shown: without credentials. */
  readonly address: string;
  /** Logs a run with its artifacts. HF108 where a file is not there. */
  logRun(run: TrackedRun): Promise<LoggedRun>;
  /** Uploads a folder under a path below the artifacts of a run; HF108 where it holds nothing. */
  uploadFolder(runId: string, artifactPath: string, folder: string): Promise<Transfer>;
  /** Downloads a folder of a run into one that is not there or empty (else HF108); as a whole or not at all. */
  downloadFolder(
    runId: string,
    artifactPath: string,
    folder: string,
    limits: DownloadLimits,
  ): Promise<Transfer>;
  /** The same with the files of a version, wherever its source says they are. */
  downloadVersion(
    version: Pick<ModelVersion, 'name' | 'version'>,
    folder: string,
    limits: DownloadLimits,
  ): Promise<Transfer>;
  /** Makes a registered model where there is none of that name; its description is then left alone. */
  ensureModel(name: string, description?: string): Promise<void>;
  /** The newest version with this content hash: nothing needs to be uploaded where there is one. */
  findVersion(name: string, contentHash: string): Promise<ModelVersion | undefined>;
  /** Makes a version of what was uploaded to a run, unless one has the same content hash. */
  createVersion(version: NewVersion): Promise<CreatedVersion>;
  setAlias(name: string, alias: string, version: number): Promise<void>;
  /** An alias that is not there is no error. */
  deleteAlias(name: string, alias: string): Promise<void>;
  /** Undefined where the model, or the alias, is not there. */
  versionByAlias(name: string, alias: string): Promise<ModelVersion | undefined>;
  /** `archiveExisting` archives the versions that were in the stage before. */
  transitionStage(name: string, version: number, stage: Stage, archiveExisting: boolean): Promise<void>;
  setVersionTags(name: string, version: number, tags: Readonly<Record<string, string>>): Promise<void>;
}

/** Opens a client; nothing is sent before its first call. HF103 where the address or the token cannot be used. */
export function openMlflow(options: MlflowOptions): Mlflow {
  const connection = openConnection(options);
  const api = openApi(connection);
  const below = async (runId: string, artifactPath: string): Promise<readonly string[]> => {
    const parts = artifactParts(artifactPath);
    return [...(await rootOfRun(api, runId)), ...parts];
  };
  return {
    address: connection.address,
    logRun: (run) => logRun(api, connection, run),
    uploadFolder: async (runId, artifactPath, folder) =>
      uploadFolder(connection, await below(runId, artifactPath), folder),
    downloadFolder: async (runId, artifactPath, folder, limits) =>
      downloadFolder(connection, await below(runId, artifactPath), folder, limits),
    downloadVersion: async ({ name, version }, folder, limits) =>
      downloadFolder(connection, await rootOfVersion(api, name, version), folder, limits),
    ensureModel: (name, description) => ensureModel(api, name, description),
    findVersion: (name, contentHash) => findVersion(api, name, contentHash),
    createVersion: (version) => createVersion(api, connection, version),
    setAlias: (name, alias, version) => setAlias(api, name, alias, version),
    deleteAlias: (name, alias) => deleteAlias(api, name, alias),
    versionByAlias: (name, alias) => versionByAlias(api, name, alias),
    transitionStage: (name, version, stage, archiveExisting) =>
      transitionStage(api, name, version, stage, archiveExisting),
    setVersionTags: (name, version, tags) => setVersionTags(api, name, version, tags),
  };
}
