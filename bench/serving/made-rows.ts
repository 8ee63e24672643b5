/** Made-up values within a pack's feature contract, and bodies of requests that are all distinct. */
import type { Pack } from '../../src/pack/index.ts';
import { uniformNumbers } from '../../tests/learner/example-data.ts';

export interface MadeFeature {
  readonly name: string;
  readonly type: 'numeric' | 'categorical';
  readonly categories: readonly string[];
  readonly low: number;
  readonly high: number;
  readonly isWhole: boolean;
  readonly isNullable: boolean;
}

const WHOLE_UNITS: ReadonlySet<string | undefined> = new Set(['count', 'days', 'months', 'stage']);
const MISSING_SHARE = 0.1;

export function madeFeatures({ features }: Pick<Pack, 'features'>): readonly MadeFeature[] {
  return Object.entries(features).map(([name, { type, unit, range, nullable }]) => ({
    name,
    type,
    categories: type === 'categorical' ? Array.from({ length: 8 }, (_, code) => `c${String(code)}`) : [],
    low: range?.[0] ?? 0,
    high: range?.[1] ?? 1000,
    isWhole: type === 'numeric' && WHOLE_UNITS.has(unit),
    isNullable: nullable,
  }));
}

export function madeValue(feature: MadeFeature, next: () => number): number | string | null {
  const { type, categories, low, high, isWhole, isNullable } = feature;
  const isMissing = next() < MISSING_SHARE;
  const share = next();
  if (isMissing && isNullable) return null;
  if (type === 'categorical') return categories[Math.floor(share * categories.length)] ?? null;
  // Small values are the many, as with most counts.
  const value = low + (high - low) * share ** 3;
  return isWhole ? Math.floor(value) : value;
}

export const customerKey = (number: number): string => `CUST_${String(number).padStart(8, '0')}`;

const TEMPLATES = 500;

/**
 * An endless supply of bodies with all features, no two alike whatever the seed: one number of each is replaced by one
 * that no other has, so that no cache of answers helps. `rows` makes lists of so many.
 */
export function distinctBodies(features: readonly MadeFeature[], seed: number, rows = 1): () => string {
  const next = uniformNumbers(seed);
  const varied = features.find(({ type, isWhole }) => type === 'numeric' && !isWhole);
  if (varied === undefined) throw new Error('a feature that is no whole number is needed');
  const { name, low, high } = varied;
  const templates = Array.from({ length: TEMPLATES }, (_, template) => {
    const values = features
      .filter((feature) => feature !== varied)
      .map((feature): [string, unknown] => [feature.name, madeValue(feature, next)]);
    const key = { customer_id: customerKey(template) };
    return JSON.stringify({ ...key, ...Object.fromEntries(values) }).slice(0, -1);
  });
  let count = 0;
  const body = (): string => {
    count += 1;
    const share = (((count * 0.618_033_988_749_895) % 1) + next() * 1e-9) % 1;
    return `${templates[count % TEMPLATES] ?? ''},"${name}":${String(low + (high - low) * share)}}`;
  };
  return rows === 1 ? body : () => `[${Array.from({ length: rows }, body).join(',')}]`;
}

/** Bodies with the key alone, of all customers in a scattered order. */
export function keyBodies(entities: number, seed: number): () => string {
  let count = seed;
  return () => {
    count += 1;
    return `{"customer_id":"${customerKey((count * 7919) % entities)}"}`;
  };
}
