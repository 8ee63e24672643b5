import { HoldfastError } from '../kernel/index.ts';
import type { LoadedSet } from '../model/index.ts';
import { championSet } from '../registry/index.ts';
import type { Context } from './context.ts';

/** The champion; HF108 where none was promoted yet. */
export async function setInUse({ registry }: Pick<Context, 'registry'>): Promise<LoadedSet> {
  const set = await championSet(registry);
  if (set !== undefined) return set;
  const { challenger, proposal } = await registry.state();
  if (proposal !== null)
    throw new HoldfastError('HF108', {
      message: `no model set is in use: set ${String(proposal.set)}, proposed by ${proposal.by}, waits for approval`,
      hint: `somebody else than ${proposal.by} approves it: holdfast models approve`,
    });
  if (challenger !== null)
    throw new HoldfastError('HF108', {
      message: `no model set is in use: set ${String(challenger)} was trained, but not promoted`,
      hint: 'see what it fails: holdfast models promote; to use it all the same add --overrule --why "..."',
    });
  throw new HoldfastError('HF108', {
    message: 'there is no model set in the workspace',
    hint: 'train first: holdfast train',
  });
}
