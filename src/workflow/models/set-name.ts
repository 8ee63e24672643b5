import { HoldfastError } from '../../kernel/index.ts';
import { type RegistryState, requireSet } from '../../registry/index.ts';

/** The set that a text names: its number, `champion` or `challenger`. HF101 for other texts, HF507 where there is none. */
export function setNamed(state: RegistryState, text: string): number {
  if (text === 'champion' || text === 'challenger') {
    const id = state[text];
    if (id !== null) return id;
    throw new HoldfastError('HF507', {
      message: `there is no ${text}`,
      hint:
        text === 'champion'
          ? 'promote a set: holdfast models promote'
          : 'train one: holdfast train; or name a set by its number',
    });
  }
  if (!/^[1-9][0-9]{0,8}$/.test(text))
    throw new HoldfastError('HF101', {
      message: `"${text}" names no model set`,
      hint: 'give its number (holdfast models list), champion or challenger',
    });
  return requireSet(state, Number(text)).id;
}
