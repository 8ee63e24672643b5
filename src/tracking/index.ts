export type { Artifact, DownloadLimits, Transfer } from './artifacts.ts';
export type { MlflowOptions } from './connection.ts';
export { isUnavailable } from './failure.ts';
export { type Mlflow, openMlflow } from './mlflow.ts';
export type { CreatedVersion, ModelVersion, NewVersion, Stage } from './registry.ts';
export type { LoggedRun, TrackedMetric, TrackedRun } from './runs.ts';
export { openUploadQueue, type PendingUpload, type UploadQueue } from './upload-queue.ts';
