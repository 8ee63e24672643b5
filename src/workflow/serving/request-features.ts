import type { FeatureEncoding } from '../../model/index.ts';
import type { Pack } from '../../pack/index.ts';
import type { RequestFeature } from './service.ts';

/**
 * What a request must say of a feature, in the order of the contract. Without an encoding no categories are known;
 * features that the model left out need no value and are not asked for.
 */
export function requestFeatures(
  { features }: Pick<Pack, 'features'>,
  encoding: FeatureEncoding | undefined,
  whole: ReadonlySet<string>,
): RequestFeature[] {
  const encoded = new Map(encoding?.features.map((feature) => [feature.name, feature]));
  return Object.entries(features).flatMap(([name, { type, range, unit, label, nullable }]) =>
    encoding !== undefined && !encoded.has(name)
      ? []
      : [
          {
            name,
            type,
            isInteger: type === 'numeric' && whole.has(name),
            ...(range === undefined ? {} : { range }),
            ...(unit === undefined ? {} : { unit }),
            label,
            isNullable: nullable,
            categories: encoded.get(name)?.categories ?? [],
          },
        ],
  );
}
