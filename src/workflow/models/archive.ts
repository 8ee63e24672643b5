import { requireSet } from '../../registry/index.ts';
import type { Context } from '../context.ts';
import { mirrorRegistry } from '../mlflow/uploads.ts';
import type { StepOutcome } from '../steps.ts';

/** Marks a set as no longer of use; `collectGarbage` may delete it later. HF509 for the champion. */
export async function archive(
  context: Context,
  set: number,
  { why, by = context.user }: { readonly why: string; readonly by?: string },
): Promise<StepOutcome<{ readonly set: number }>> {
  const { registry } = context;
  const event = await registry.change({ by, why }, (state) =>
    requireSet(state, set).stage === 'archived' ? undefined : { kind: 'archived', set },
  );
  await mirrorRegistry(context);
  return {
    summary: `set ${String(set)} ${event === undefined ? 'was archived before' : 'is archived'}`,
    result: { set },
  };
}
