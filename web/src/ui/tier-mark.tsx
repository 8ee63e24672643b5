import { useQuery } from '@tanstack/react-query';
import { factsQuery } from '../api/queries.ts';
import classes from './tier-mark.module.css';

/** Shapes by urgency; the last tier, of all others, is a circle. */
export const TIER_SHAPES = ['▲', '◆', '■', '●'] as const;
const REST = TIER_SHAPES.length - 1;

/** Place of a tier on the ladder: 0 to 2 from the most urgent, 3 for the tier of all others. */
export function tierPlace(name: string, tiers: readonly { readonly name: string }[]): number {
  const index = tiers.findIndex((tier) => tier.name === name);
  return index < 0 || index === tiers.length - 1 ? REST : Math.min(index, REST - 1);
}

/** Colour of a tier as a CSS value, for charts. */
export const tierColor = (place: number): string => `var(--tier-${String(place)})`;

/** A tier by shape and word; its colour says nothing that these do not. */
export function TierMark({ tier }: { readonly tier: string }) {
  const { data: facts } = useQuery(factsQuery);
  return <TierOf tier={tier} tiers={facts?.tiers ?? []} />;
}

export interface TierOfProps {
  readonly tier: string;
  readonly tiers: readonly { readonly name: string }[];
}

/** The same where the tiers are at hand: a list of marks need not ask for them one by one. */
export function TierOf({ tier, tiers }: TierOfProps) {
  const place = tierPlace(tier, tiers);
  return (
    <span className={classes['mark']} data-place={place}>
      <span aria-hidden="true">{TIER_SHAPES[place]}</span> {tier}
    </span>
  );
}
