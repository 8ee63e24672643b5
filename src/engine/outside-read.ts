import type { References } from './engine.ts';

/** Table functions whose rows come from their arguments alone. */
const SELF_CONTAINED = ['range', 'unnest', 'generate_series'];

/** The first table function that reads past the lake (files, the network, the engine's own state), if any. */
export function outsideRead({ tableFunctions }: References): string | undefined {
  return tableFunctions.find((name) => !SELF_CONTAINED.includes(name));
}
