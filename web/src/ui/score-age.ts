/** How old the newest scores are: the one rule for when they are too old to act upon as if they were of today. */
import type { Facts } from '../../../src/desk/contract.ts';
import { daysBetween } from './format.ts';

export interface ScoreAge {
  /** Of the newest scores; null before the first scoring. */
  readonly date: string | null;
  readonly days: number;
  /** Days that the scores look ahead. */
  readonly horizon: number;
  /** All that they foretell is over. */
  readonly isOld: boolean;
}

/**
 * Scores are old when more days have passed than their longest horizon looks ahead: whoever was to leave has left by
 * then, and how late a contact is says nothing any more. Late deliveries alone do not make them old.
 */
export function scoreAge(
  { score_dates: dates, horizons }: Pick<Facts, 'score_dates' | 'horizons'>,
  now = Date.now(),
): ScoreAge {
  const date = dates[0] ?? null;
  const horizon = Math.max(0, ...horizons);
  const days = date === null ? 0 : daysBetween(date, now);
  return { date, days, horizon, isOld: date !== null && days > horizon };
}
