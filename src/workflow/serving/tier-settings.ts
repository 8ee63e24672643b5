import { HoldfastError, nearestWord } from '../../kernel/index.ts';
import type { TierSettings } from '../../pack/index.ts';

/**
 * Tier settings with some thresholds replaced, by the tier's name in any case. HF103 for a tier that is not in the
 * ladder, a threshold that is none, and a basis without thresholds.
 */
export function withThresholds(
  tiers: TierSettings,
  thresholds: Readonly<Record<string, number>>,
): TierSettings {
  const names = new Map(tiers.ladder.map(({ name }) => [name.toLowerCase(), name]));
  const given = new Map<string, number>();
  for (const [tier, threshold] of Object.entries(thresholds)) {
    const refuse = (message: string, hint: string): HoldfastError =>
      new HoldfastError('HF103', { message, hint, place: { field: `${tier.toUpperCase()}_THRESHOLD` } });
    const name = names.get(tier.toLowerCase());
    if (name === undefined) {
      const near = nearestWord(tier.toLowerCase(), [...names.keys()]);
      throw refuse(
        `there is no tier ${tier} in the ladder`,
        near === undefined ? `its tiers are ${[...names.values()].join(', ')}` : `is it ${near}?`,
      );
    }
    if (tiers.basis !== 'risk_score' && tiers.basis !== 'probability')
      throw refuse(
        `a threshold is given, but tiers.basis is ${tiers.basis}, which has none`,
        'set tiers.basis to risk_score or probability, or take the threshold away',
      );
    if (!(threshold >= 0 && threshold <= 1))
      throw refuse(`the threshold of tier ${tier} is ${String(threshold)}`, 'give a number from 0 to 1');
    given.set(name, threshold);
  }
  return {
    ...tiers,
    ladder: tiers.ladder.map((tier) => ({ ...tier, threshold: given.get(tier.name) ?? tier.threshold })),
  };
}
