/** Expected maximum profit of a retention campaign that is aimed by a score. */
import { betaDistribution } from './beta-function.ts';
import type { GroupCounts } from './groups.ts';
import { assertAmount } from './options.ts';

/** What a campaign costs and gains. Money in one currency. */
export interface CampaignTerms {
  /** The share of churners who accept an offer is unknown, with distribution Beta(alpha, beta). */
  readonly alpha: number;
  readonly beta: number;
  /** What a retained customer is worth. */
  readonly clv: number;
  /** Cost of an offer that is accepted. */
  readonly offer: number;
  /** Cost of a contact. */
  readonly contact: number;
}

/** The terms of Verbraken, Verbeke and Baesens. */
export const CAMPAIGN_TERMS: CampaignTerms = { alpha: 6, beta: 14, clv: 200, offer: 10, contact: 1 };

/** A side of the ROC curve's convex hull: how many churners and others it adds. */
interface Side {
  readonly churners: number;
  readonly others: number;
}

/**
 * EMPC (Verbraken, Verbeke, Baesens 2013, IEEE TKDE 25(5)): profit a customer at the best threshold,
 * in expectation over the unknown share g of churners who accept. With shares F of churners and G of
 * others among all customers aimed at, the profit is
 *
 *     clv * ((g (1 - d) - f) F - (d + f) G),  d = offer / clv, f = contact / clv;
 *
 * others take the offer whenever they are asked. For each g the best threshold is a corner of the ROC
 * curve's convex hull, the same one between two values of g, so that the integral over g is a finite
 * sum of beta distribution functions. Throws HF103 for terms without meaning.
 */
export function expectedMaximumProfit(terms: CampaignTerms): (counts: GroupCounts) => number {
  const { alpha, beta, clv, offer, contact } = terms;
  for (const [name, value] of Object.entries({ alpha, beta, clv }))
    assertAmount(value, name, { least: 0, above: true });
  for (const [name, value] of Object.entries({ offer, contact })) assertAmount(value, name, { least: 0 });
  assertAmount(clv - offer, 'clv less offer', { least: 0, above: true });
  const [offerPart, contactPart] = [offer / clv, contact / clv];
  const mass = betaDistribution(alpha, beta);
  const meanMass = betaDistribution(alpha + 1, beta);
  const mean = alpha / (alpha + beta);
  return (counts) => {
    const all = counts.rows.at(-1) ?? 0;
    let profit = 0;
    let churners = 0;
    let others = 0;
    let massBelow = 0;
    let meanBelow = 0;
    /** Adds what the present corner earns for acceptances up to `acceptance`. */
    const earnUpTo = (acceptance: number): void => {
      const [massHere, meanHere] = [mass(acceptance), meanMass(acceptance)];
      const gained = (1 - offerPart) * churners * mean * (meanHere - meanBelow);
      const spent = (contactPart * churners + (offerPart + contactPart) * others) * (massHere - massBelow);
      profit += gained - spent;
      massBelow = massHere;
      meanBelow = meanHere;
    };
    for (const side of hullSides(counts)) {
      const acceptance =
        ((offerPart + contactPart) * (side.others / side.churners) + contactPart) / (1 - offerPart);
      // Beyond this corner no acceptance makes the next one pay.
      if (!(acceptance < 1)) break;
      earnUpTo(acceptance);
      churners += side.churners;
      others += side.others;
    }
    earnUpTo(1);
    return (clv * profit) / all;
  };
}

/** The sides of the ROC curve's convex hull from (0, 0), steepest first. */
function hullSides({ rows, positives }: GroupCounts): Side[] {
  const sides: Side[] = [];
  let rowsAbove = 0;
  let positivesAbove = 0;
  for (let group = 0; group < rows.length; group += 1) {
    let churners = (positives[group] as number) - positivesAbove;
    let others = (rows[group] as number) - rowsAbove - churners;
    rowsAbove = rows[group] as number;
    positivesAbove = positives[group] as number;
    if (churners + others === 0) continue;
    let last = sides.at(-1);
    while (last !== undefined && last.churners * others <= churners * last.others) {
      churners += last.churners;
      others += last.others;
      sides.pop();
      last = sides.at(-1);
    }
    sides.push({ churners, others });
  }
  return sides;
}
