import { registeredSet } from '../../registry/index.ts';
import type { Context } from '../context.ts';
import { requireLink } from '../mlflow/link.ts';
import { mirrorState } from '../mlflow/mirror.ts';
import { pushSet } from '../mlflow/push-set.ts';
import { workOff } from '../mlflow/uploads.ts';
import type { StepOutcome } from '../steps.ts';

export interface PushResult {
  readonly set: number;
  readonly address: string;
  /** Version on the server by the name of the registered model: of the set first, then of each horizon. */
  readonly versions: Readonly<Record<string, number>>;
  /** Uploads that had waited and were sent. */
  readonly sent: number;
}

/**
 * Sends what waits for the MLflow server, and sees to it that a set is there with its aliases and stages, and those of
 * all others. HF701 where the server cannot be reached: what waits goes on waiting. HF103 where none is set.
 */
export async function pushModels(context: Context, set: number): Promise<StepOutcome<PushResult>> {
  const { registry, mlflow } = context;
  const link = requireLink(mlflow);
  const client = link.client();
  const loaded = await registeredSet(registry, set);
  const waiting = (await link.queue.pending()).length;
  const kept = await workOff(context, link, Infinity);
  if (kept !== undefined) throw kept;
  const { experiment } = link;
  const pushed = await pushSet(context, { client, experiment }, loaded);
  await mirrorState(context, { client, experiment }, 0);
  const versions = Object.fromEntries([...pushed].map(([name, { version }]) => [name, version]));
  const names = Object.entries(versions).map(([name, version]) => `${name}/${String(version)}`);
  return {
    summary: `set ${String(set)} is at ${client.address} as ${names.join(', ')}${waiting === 0 ? '' : `; what waited was worked off: ${String(waiting)}`}`,
    result: { set, address: client.address, versions, sent: waiting },
  };
}
