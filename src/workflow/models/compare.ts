import { registeredSet } from '../../registry/index.ts';
import type { Context } from '../context.ts';
import type { StepOutcome } from '../steps.ts';
import { type Evidence, gatherEvidence } from './evidence.ts';

export type SetComparison = Pick<Evidence, 'measured' | 'verdicts'>;

/** Measures two sets on the same test rows, as a promotion of the first one over the other would; changes nothing. */
export async function compareSets(
  context: Context,
  set: number,
  other: number,
): Promise<StepOutcome<SetComparison>> {
  const { registry } = context;
  const evidence = await gatherEvidence(
    context,
    await registeredSet(registry, set),
    await registeredSet(registry, other),
  );
  return {
    summary: `compared set ${String(set)} with set ${String(other)} on the test rows of today`,
    result: { measured: evidence.measured, verdicts: evidence.verdicts },
  };
}
