import { HoldfastError } from '../../kernel/index.ts';
import { registeredSet } from '../../registry/index.ts';
import type { Context } from '../context.ts';
import { mirrorRegistry } from '../mlflow/uploads.ts';
import type { StepOutcome } from '../steps.ts';
import { readEvidence, refuseStale } from './evidence.ts';
import { requireSameChampion } from './promote-step.ts';

export interface ApproveOptions {
  /** The set that is meant; a proposal of another set is not approved by mistake. */
  readonly set?: number;
  readonly by?: string;
  readonly why?: string;
}

/**
 * Approves the proposed set, which becomes champion.
 *
 * @throws HF507 where nothing, or another set, is proposed; HF509 for the name that proposed it; HF508 where the test
 *   rows, the gates or the champion have changed since it was measured.
 */
export async function approve(
  context: Context,
  { set, by = context.user, why }: ApproveOptions,
): Promise<StepOutcome<{ readonly set: number; readonly before: number | null }>> {
  const { registry } = context;
  const { proposal, champion } = await registry.state();
  if (proposal === null || (set !== undefined && proposal.set !== set))
    throw new HoldfastError('HF507', {
      message:
        proposal === null
          ? 'no set waits for approval'
          : `set ${String(proposal.set)} waits for approval, not set ${String(set)}`,
      hint: 'holdfast models list shows what waits; holdfast models promote proposes a set',
    });
  if (by === proposal.by)
    throw new HoldfastError('HF509', {
      message: `${by} proposed set ${String(proposal.set)} and cannot approve it too`,
      hint: 'ask somebody else, or say who decides with --by',
    });
  const evidence = await readEvidence(registry, proposal.evidence);
  await registeredSet(registry, proposal.set);
  await refuseStale(context, evidence);
  requireSameChampion({ champion }, evidence.champion);
  await registry.change({ by, ...(why === undefined ? {} : { why }) }, (now) => {
    requireSameChampion(now, evidence.champion);
    if (now.proposal?.number === proposal.number)
      return {
        kind: 'promoted',
        set: proposal.set,
        evidence: proposal.evidence,
        approves: proposal.number,
        ...(proposal.overruled.length === 0 ? {} : { overruled: proposal.overruled }),
      };
    throw new HoldfastError('HF508', {
      message: 'the proposal was taken back, or approved, while this command ran',
      hint: 'look at holdfast models history',
    });
  });
  await mirrorRegistry(context);
  return {
    summary: `set ${String(proposal.set)}, proposed by ${proposal.by}, is champion${champion === null ? '' : `, instead of set ${String(champion)}`}`,
    result: { set: proposal.set, before: champion },
  };
}
