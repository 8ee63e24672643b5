/** Whether what the registry names is still what was stored. */
import { HoldfastError } from '../../kernel/index.ts';
import { registeredSet } from '../../registry/index.ts';
import type { Context } from '../context.ts';
import { requireSameAnswers } from './probe.ts';

export interface Verified {
  /** `set 3`, `history` or `evidence of event 7`. */
  readonly what: string;
  /** What is wrong; null where nothing is. */
  readonly fault: string | null;
}

/**
 * Reads every file of the sets (all by default) and compares it with its hash, loads every model and compares what it
 * answers with what it answered in training, and checks the history and the evidence it names. Goes on after a fault.
 */
export async function verifyModels(context: Context, only?: readonly number[]): Promise<Verified[]> {
  const { registry, progress, signal } = context;
  const state = await registry.state();
  const sets = only ?? [...state.sets.values()].filter(({ isRemoved }) => !isRemoved).map(({ id }) => id);
  const task = progress.start('verify', { total: sets.length, unit: 'sets' });
  const found: Verified[] = [];
  for (const [index, id] of sets.entries()) {
    found.push({
      what: `set ${String(id)}`,
      fault: await faultOf(async () => requireSameAnswers(context, await registeredSet(registry, id))),
    });
    task.update(index + 1);
    if (signal?.aborted === true)
      throw new HoldfastError('HF930', { message: 'the verification was interrupted' });
  }
  task.done();
  found.push({ what: 'history', fault: await registry.historyFault() });
  for (const event of await registry.events()) {
    if (!('evidence' in event)) continue;
    const fault = await faultOf(() => registry.readEvidence(event.evidence));
    if (fault !== null) found.push({ what: `evidence of event ${String(event.number)}`, fault });
  }
  return found;
}

/** What is wrong with stored files; any other error is one of this command. */
async function faultOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    const { message, place } = error;
    return place?.file === undefined ? message : `${message}: ${place.file}`;
  }
}
