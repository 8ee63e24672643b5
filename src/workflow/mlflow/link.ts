/** The way of one command to the tracking server, and to what waits for it. */
import type { Config, Secrets } from '../../config/index.ts';
import { HoldfastError } from '../../kernel/index.ts';
import { type Mlflow, openMlflow, openUploadQueue, type UploadQueue } from '../../tracking/index.ts';

export interface MlflowLink {
  /** The address as it may be shown. */
  readonly uri: string;
  readonly experiment: string;
  /** Uploads that have not arrived. */
  readonly queue: UploadQueue;
  /** Opened at its first use; nothing is sent before its first call. HF103 for a token that cannot be sent. */
  readonly client: () => Mlflow;
  /** Why the server was given up in this command: what comes after waits without asking again. */
  down: HoldfastError | undefined;
}

/** The link of a workspace; undefined where `mlflow.uri` names no server. */
export function openLink(
  { mlflow: { uri, experiment }, state }: Pick<Config, 'mlflow' | 'state'>,
  secrets: Secrets | undefined,
  signal: AbortSignal | undefined,
): MlflowLink | undefined {
  if (uri === undefined) return undefined;
  let client: Mlflow | undefined;
  return {
    uri,
    experiment,
    queue: openUploadQueue(state),
    client: () => (client ??= openMlflow({ uri, ...secrets?.mlflow, signal })),
    down: undefined,
  };
}

/** The link where a command is about the server. HF103 where `mlflow.uri` names none. */
export function requireLink(link: MlflowLink | undefined): MlflowLink {
  if (link !== undefined) return link;
  throw new HoldfastError('HF103', {
    message: 'no MLflow server is set',
    hint: 'set HOLDFAST_MLFLOW_URI, or mlflow.uri in holdfast.yaml, to its address',
    place: { field: 'mlflow.uri' },
  });
}
