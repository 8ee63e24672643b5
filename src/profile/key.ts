/** Which column tells customers apart. Pure. */
import type { ColumnKind, KeyProfile } from '../domain/index.ts';
import { groupDigits } from '../kernel/index.ts';
import { keyRank } from './vocabulary.ts';

export interface KeyCandidate {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly rows: number;
  readonly missing: number;
  readonly distinct: number;
  readonly isWhole: boolean;
  /** Smallest and largest value of whole numbers. */
  readonly least: number | null;
  readonly most: number | null;
}

/** Share of rows that may repeat a key before it is none. */
const MOST_REPEATED = 0.1;
/** A column that is named as a key and repeats is one from so many values on; below, it is a kind of customer. */
const LEAST_CUSTOMERS = 50;

/** `asked`: a column by name, or `none` for none at all. */
export function judgeKey(candidates: readonly KeyCandidate[], asked?: string): KeyProfile {
  const fingerprint = (why: string): KeyProfile => ({ column: null, why, repeated: 0, tellsTarget: false });
  if (asked === 'none') return fingerprint('as asked for: each row is named by a fingerprint of its values');
  if (asked !== undefined) {
    const chosen = candidates.find(({ name }) => name === asked);
    if (chosen !== undefined) return keyOf(chosen, 'as asked for');
  }
  const ranked = candidates
    .flatMap((candidate) => {
      const rank = rankOf(candidate);
      return rank === null ? [] : [{ candidate, rank }];
    })
    .sort((one, other) => one.rank - other.rank);
  const [best] = ranked;
  if (best === undefined)
    return fingerprint(
      'no column tells customers apart, so a line of the file is a customer, named by a fingerprint of its values',
    );
  return keyOf(best.candidate, best.rank < 10 ? 'by its name and its values' : 'each row has its own text');
}

function keyOf({ name, rows, missing, distinct }: KeyCandidate, why: string): KeyProfile {
  const repeated = rows - missing - distinct;
  return {
    column: name,
    why:
      repeated === 0
        ? why
        : `${why}, although ${groupDigits(repeated)} of ${groupDigits(rows)} rows repeat it`,
    repeated,
    tellsTarget: false,
  };
}

function rankOf(candidate: KeyCandidate): number | null {
  const { kind, rows, missing, distinct, isWhole } = candidate;
  const present = rows - missing;
  if (missing > rows * 0.01 || distinct < 2) return null;
  const repeats = present - distinct > present * MOST_REPEATED;
  // Several rows of each customer: were they split as rows, a customer would stand on both sides.
  if (repeats) return keyRank(candidate.name) === 0 && distinct >= LEAST_CUSTOMERS ? 5 : null;
  if (kind === 'date' || kind === 'empty' || kind === 'text' || (kind === 'numeric' && !isWhole)) return null;
  const named = keyRank(candidate.name);
  if (named !== null) {
    // A number of customers would be one too by its name; what it counts repeats.
    if (named >= 3 && distinct < present) return null;
    return named + (distinct === present ? 0 : 0.5);
  }
  return (kind === 'category' || kind === 'code') && distinct === present && rows >= 20 ? 10 : null;
}

/** Whether whole numbers run from 0 or 1 on without a gap, as row numbers do. */
export const isRowNumber = ({ isWhole, distinct, rows, least, most, missing }: KeyCandidate): boolean =>
  isWhole &&
  missing === 0 &&
  rows >= 20 &&
  distinct === rows &&
  (least === 0 || least === 1) &&
  most === rows - 1 + least;
