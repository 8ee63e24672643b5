import type { FeatureEncoding } from '../../model/index.ts';
import type { Pack } from '../../pack/index.ts';
import type { RequestFeature } from './service.ts';

/**
 * What a request may say of the features of the contract, in its order. Those that training left out stay in the
 * contract, marked as unused: a client must not break because a column was mostly missing once. Without an encoding no
 * categories are known.
 */
export function requestFeatures(
  { features }: Pick<Pack, 'features'>,
  encoding: FeatureEncoding | undefined,
  whole: ReadonlySet<string>,
): RequestFeature[] {
  const used = new Map(encoding?.features.map((feature) => [feature.name, feature]));
  const dropped = new Map(encoding?.dropped?.map((feature) => [feature.name, feature]));
  return Object.entries(features).map(([name, { type, range, unit, label, nullable }]) => ({
    name,
    type,
    isInteger: type === 'numeric' && whole.has(name),
    ...(range === undefined ? {} : { range }),
    ...(unit === undefined ? {} : { unit }),
    label,
    isNullable: nullable,
    categories: (used.get(name) ?? dropped.get(name))?.categories ?? [],
    ...(encoding === undefined || used.has(name) ? {} : { isUnused: true as const }),
  }));
}
