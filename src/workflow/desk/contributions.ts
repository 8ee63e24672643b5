/** Contributions of features as the dashboard shows them. */
import type { Contributions } from '../../desk/index.ts';
import type { Pack } from '../../pack/index.ts';
import type { ScoringAnswer } from '../serving/service.ts';

type ShownValue = Contributions['features'][number]['value'];

/** What cleaning calls the column that flags outliers of a feature. */
const FLAG = '_outlier';

/** All features of all horizons, the strongest first; `valueOf` says what each feature's value is. */
export function shownContributions(
  { features }: Pick<Pack, 'features'>,
  { contributions = [] }: Pick<ScoringAnswer, 'contributions'>,
  valueOf: (feature: string) => ShownValue,
): Contributions[] {
  const described = (name: string): Omit<Contributions['features'][number], 'contribution'> => {
    const feature = features[name];
    if (feature !== undefined)
      return { name, label: feature.label, unit: feature.unit ?? null, value: valueOf(name) };
    const flagged = name.endsWith(FLAG) ? features[name.slice(0, -FLAG.length)] : undefined;
    return {
      name,
      label: flagged === undefined ? name : `${flagged.label}: outlier`,
      unit: null,
      value: null,
    };
  };
  return contributions.map(({ horizonDays, base, features: own }) => ({
    days: horizonDays,
    base,
    features: Object.entries(own)
      .map(([name, contribution]) => ({ ...described(name), contribution }))
      .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
  }));
}
