import { HoldfastError } from '../kernel/index.ts';
import { currentSet, type LoadedSet } from '../model/index.ts';
import type { Context } from './context.ts';

/** The model set in use; HF108 where nothing was trained yet. */
export async function setInUse({ folders }: Context): Promise<LoadedSet> {
  const set = await currentSet(folders.models);
  if (set !== undefined) return set;
  throw new HoldfastError('HF108', {
    message: 'there is no model set in the workspace',
    hint: 'train first: holdfast train',
  });
}
