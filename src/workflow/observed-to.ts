import { LABELS_TABLE } from '../prepare/index.ts';
import type { Context } from './context.ts';

/** The last complete day of data that the labels were made with. */
export async function observedToOf({ lake }: Context): Promise<string> {
  const { info } = await lake.snapshot(LABELS_TABLE);
  const observed = info.holdfast['observedTo'];
  return typeof observed === 'string' ? observed : '';
}
