/**
 * What the server is to be told, by way of the queue: it is written down first and sent then, so that neither a server
 * that is not there nor a process that is killed loses it. Nothing of this ends a command but an interruption.
 */
import { z } from 'zod';
import { HoldfastError, sha256 } from '../../kernel/index.ts';
import { registeredSet } from '../../registry/index.ts';
import { isUnavailable, type PendingUpload } from '../../tracking/index.ts';
import type { Context } from '../context.ts';
import type { MlflowLink } from './link.ts';
import { mirrorState } from './mirror.ts';
import { logSet, pushSet } from './push-set.ts';
import { reportArtifacts } from './report-artifacts.ts';

/** So many runs and reports that wait are sent by one command; the others by the next ones. */
const MOST_UPLOADS = 20;

/** Has a training logged, its set registered as versions, and the challenger that it is. */
export async function logTraining(context: Context, set: number, startedAt: Date): Promise<void> {
  const { mlflow, clock, runId } = context;
  if (mlflow === undefined) return;
  const queuedAt = clock.now().toISOString();
  const payload = { set, run: runId, startedAt: startedAt.toISOString(), endedAt: queuedAt };
  await mlflow.queue.add({ id: `run-${runId}-${String(set)}`, kind: 'run', payload, queuedAt });
  await mirrorRegistry(context);
}

/** Has the report of a set put beside its run. */
export async function logReport(context: Context, set: number): Promise<void> {
  const { mlflow, clock, runId } = context;
  if (mlflow === undefined) return;
  const queuedAt = clock.now().toISOString();
  await mlflow.queue.add({
    id: `report-${runId}-${String(set)}`,
    kind: 'report',
    payload: { set },
    queuedAt,
  });
  await sendUploads(context);
}

/** Has aliases and stages follow the newest event of the registry; to be called after every change of it. */
export async function mirrorRegistry(context: Context): Promise<void> {
  const { mlflow, clock, registry } = context;
  if (mlflow === undefined) return;
  const { number } = await registry.state();
  // What was changed stays changed: whoever repeats the command would change it once more.
  await queueAndSend().catch((error: unknown) => {
    if (error instanceof HoldfastError && error.code === 'HF930') throw error;
    const message = error instanceof Error ? error.message : String(error);
    context.progress.warn(
      `${message}; the MLflow server is not told of it: see to state/uploads.jsonl, then holdfast models push`,
    );
  });

  async function queueAndSend(): Promise<void> {
    if (mlflow === undefined) return;
    // Each event has an entry of its own: what another process marks as sent may not yet have held this one.
    const queuedAt = clock.now().toISOString();
    await mlflow.queue.add({
      id: `registry-${String(number)}-${sha256(queuedAt).slice(0, 8)}`,
      kind: 'registry',
      payload: { since: number },
      queuedAt,
    });
    await sendUploads(context);
  }
}

/**
 * Sends what waits, runs and reports oldest first, then the registry's state of now. A server that cannot be reached
 * ends it and all of it stays queued; what is refused for lack of rights stays queued too, since a token may have
 * expired; what the server does not accept would be refused for ever and is given up. All three are warned of.
 */
async function sendUploads(context: Context): Promise<void> {
  const { mlflow, progress } = context;
  if (mlflow === undefined) return;
  const fault = mlflow.down ?? (await workOff(context, mlflow, MOST_UPLOADS));
  const left = (await mlflow.queue.pending()).length;
  if (left === 0) return;
  const waiting = left === 1 ? '1 upload waits' : `${String(left)} uploads wait`;
  progress.warn(
    `${fault === undefined ? '' : `${fault.message}; `}${waiting} in state/uploads.jsonl for the next train, promote, rollback or push`,
  );
}

/**
 * Sends up to `most` runs and reports, and the state of the registry.
 *
 * @returns the error that kept something waiting: HF701, HF702 or HF103 (a token that cannot be sent).
 */
export async function workOff(
  context: Context,
  mlflow: MlflowLink,
  most: number,
): Promise<HoldfastError | undefined> {
  const pending = await mlflow.queue.pending();
  const single = pending.filter(({ kind }) => kind !== 'registry').slice(0, most);
  const registry = pending.filter(({ kind }) => kind === 'registry');
  let kept: HoldfastError | undefined;
  // The state of the registry is one, however many events led to it.
  for (const batch of [...single.map((upload) => [upload]), ...(registry.length === 0 ? [] : [registry])]) {
    try {
      await send(context, mlflow, batch);
    } catch (error) {
      if (!(error instanceof HoldfastError) || error.code === 'HF930') throw error;
      if (isUnavailable(error)) {
        mlflow.down = error;
        return error;
      }
      if (error.code === 'HF702' || error.code === 'HF103') {
        kept = error;
        continue;
      }
      context.progress.warn(
        `${batch.map(nameOf).join(', ')}: not sent, and given up: ${error.message} (${error.hint ?? ''}); then holdfast models push sends the set`,
      );
    }
    for (const { id } of batch) await mlflow.queue.done(id);
  }
  return kept;
}

const SetPayload = z.object({ set: z.int().positive() });
const RunPayload = SetPayload.extend({
  run: z.string(),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
});
const RegistryPayload = z.object({ since: z.int().nonnegative() });

async function send(
  context: Context,
  { client: open, experiment }: MlflowLink,
  batch: readonly PendingUpload[],
): Promise<void> {
  const link = { client: open(), experiment };
  const [first] = batch;
  if (first === undefined) return;
  switch (first.kind) {
    case 'run': {
      const { set, run: runId, startedAt, endedAt } = read(RunPayload, first);
      const loaded = await registeredSet(context.registry, set);
      const times = { runId, startedAt: new Date(startedAt), endedAt: new Date(endedAt) };
      await pushSet(context, link, loaded, await logSet(context, link, loaded, times));
      return;
    }
    case 'report': {
      const loaded = await registeredSet(context.registry, read(SetPayload, first).set);
      const pushed = await pushSet(context, link, loaded);
      const [version] = pushed.values();
      const artifacts = await reportArtifacts(context.folders, loaded.set);
      if (version !== undefined) await link.client.uploadArtifacts(version.runId, artifacts);
      return;
    }
    case 'registry':
      await mirrorState(
        context,
        link,
        Math.min(...batch.map((upload) => read(RegistryPayload, upload).since)),
      );
  }
}

function read<T>(schema: z.ZodType<T>, { payload }: PendingUpload): T {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  throw new HoldfastError('HF703', {
    message: 'a line of state/uploads.jsonl is not one of this version',
    hint: 'nothing needs to be done about the line',
  });
}

const nameOf = ({ kind, payload }: PendingUpload): string => {
  if (kind === 'registry') return 'aliases and stages';
  const set = SetPayload.safeParse(payload).data?.set;
  return `${kind === 'run' ? 'run' : 'report'} of set ${String(set ?? '')}`;
};
