/** Contributions before and after, paired by feature. */
import type { WhatIf } from '../../../../src/desk/contract.ts';

type Contribution = WhatIf['contributions'][number]['features'][number];

export interface ContributionChange {
  readonly name: string;
  readonly label: string;
  readonly unit: string | null;
  readonly valueBefore: Contribution['value'];
  readonly valueAfter: Contribution['value'];
  /** In log-odds. */
  readonly before: number;
  readonly after: number;
  readonly difference: number;
}

/** Changes below it are the rounding of sums, in log-odds. */
const NOTHING = 1e-9;

/** The largest change first; those that did not change by their strength. Without `before` nothing has changed. */
export function contributionChanges(
  before: readonly Contribution[] | undefined,
  after: readonly Contribution[],
): ContributionChange[] {
  const earlier = new Map(before?.map((contribution) => [contribution.name, contribution]));
  return after
    .map(({ name, label, unit, value, contribution }): ContributionChange => {
      const was = earlier.get(name);
      const difference = was === undefined ? 0 : contribution - was.contribution;
      return {
        name,
        label,
        unit,
        valueBefore: was === undefined ? value : was.value,
        valueAfter: value,
        before: was?.contribution ?? contribution,
        after: contribution,
        difference: Math.abs(difference) < NOTHING ? 0 : difference,
      };
    })
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference) || Math.abs(b.after) - Math.abs(a.after));
}
