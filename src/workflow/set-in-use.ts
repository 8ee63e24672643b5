import { HoldfastError } from '../kernel/index.ts';
import type { LoadedSet } from '../model/index.ts';
import { championSet } from '../registry/index.ts';
import type { Context } from './context.ts';

/** The champion; HF108 where none was promoted yet. */
export async function setInUse({ registry }: Pick<Context, 'registry'>): Promise<LoadedSet> {
  const set = await championSet(registry);
  if (set !== undefined) return set;
  const { challenger } = await registry.state();
  throw new HoldfastError('HF108', {
    message:
      challenger === null
        ? 'there is no model set in the workspace'
        : `no model set is in use: set ${String(challenger)} was trained, but not promoted`,
    hint:
      challenger === null
        ? 'train first: holdfast train'
        : 'see what it fails: holdfast models promote; to use it all the same add --overrule --why "..."',
  });
}
