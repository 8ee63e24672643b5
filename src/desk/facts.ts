/** What does not change between two scorings. */
import type { Pack } from '../pack/index.ts';
import type { Facts, FeatureFacts } from './contract.ts';
import type { ReadModel } from './read-model.ts';

/** A feature as the models that answer know it. */
export interface KnownFeature {
  readonly name: string;
  readonly type: 'numeric' | 'categorical';
  readonly isInteger: boolean;
  readonly range?: readonly [number | null, number | null];
  readonly unit?: string;
  readonly label: string;
  readonly isNullable: boolean;
  readonly categories: readonly string[];
}

/** So many features a what-if begins with where the pack names none. */
const INPUTS_USUALLY = 15;

/** `model` is undefined before the first scoring. */
export function factsOf(
  pack: Pack,
  features: readonly KnownFeature[],
  model: ReadModel | undefined,
): Facts {
  const { file, playbook } = pack;
  const { basis, ladder, otherwise } = file.tiers;
  // The others share out places, and ask no score for a threshold.
  const hasThreshold = basis === 'risk_score' || basis === 'probability';
  const rungs = [...ladder, { name: otherwise, horizon: null, threshold: null }];
  const tiers = rungs.map(({ name, horizon, threshold }) => ({
    name,
    action: playbook.tiers[name]?.action ?? '',
    owner: playbook.tiers[name]?.owner ?? '',
    sla: playbook.tiers[name]?.sla ?? '',
    horizon,
    threshold: hasThreshold ? threshold : null,
  }));
  const inputs = new Set(file.dashboard.inputs ?? features.slice(0, INPUTS_USUALLY).map(({ name }) => name));
  const frozen = new Set(file.dashboard.frozen);
  return {
    pack: file.name,
    entity: file.entity.name,
    key: file.entity.key,
    currency: file.value.currency,
    value_assumption: file.value.assumption,
    horizons: [...file.horizons],
    tiers,
    owners: [...new Set(tiers.slice(0, -1).map(({ owner }) => owner))],
    segments:
      model?.segments.map(({ name, label, values }) => ({ name, label, values: [...values] })) ?? [],
    features: features.map(
      (feature): FeatureFacts => ({
        name: feature.name,
        label: feature.label,
        group: pack.features[feature.name]?.group ?? null,
        unit: feature.unit ?? null,
        type: feature.type,
        is_integer: feature.isInteger,
        lowest: feature.range?.[0] ?? null,
        highest: feature.range?.[1] ?? null,
        is_nullable: feature.isNullable,
        categories: [...feature.categories],
        is_main: inputs.has(feature.name),
        is_frozen: frozen.has(feature.name),
      }),
    ),
    score_dates: [...(model?.scoreDates ?? [])],
    model_set: model?.modelSet ?? null,
  };
}
