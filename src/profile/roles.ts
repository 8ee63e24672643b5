/** What each column is to a model of the target, with the reason. Pure. */
import type { ColumnKind, ColumnPair, ColumnRole, ColumnSeparation, NumberSummary } from '../domain/index.ts';
import { groupDigits } from '../kernel/index.ts';
import { isRowNumber } from './key.ts';
import { SUSPECT_FROM } from './relations.ts';
import { afterTheFact, keyRank } from './vocabulary.ts';

export interface RoleCandidate {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly rows: number;
  readonly missing: number;
  readonly distinct: number;
  readonly meanLength: number;
  readonly numbers: NumberSummary | null;
  readonly separation: ColumnSeparation | null;
}

export interface JudgedRole {
  readonly role: ColumnRole;
  readonly why: string | null;
  /** Kept, but somebody should look. */
  readonly doubt: string | null;
}

/** A category keeps its levels up to so many, where each has rows enough on average. */
const MOST_LEVELS = 60;
const LEAST_ROWS_A_LEVEL = 20;

export function judgeRole(column: RoleCandidate): JudgedRole {
  const { name, kind, rows, missing, distinct, separation } = column;
  const present = rows - missing;
  const as = (role: ColumnRole, why: string): JudgedRole => ({ role, why, doubt: null });
  if (kind === 'empty' || present === 0) return as('constant', 'it has no value in any row');
  const after = judgeAfterTheFact(name, separation, missing);
  if (after !== undefined) return after;
  if (distinct === 1 && missing === 0) return as('constant', 'it has the same value in every row');
  if (distinct === 1 && present < rows * 0.01)
    return as('constant', `it has one value, in ${groupDigits(present)} rows`);
  const identifier = judgeIdentifier(column);
  if (identifier !== undefined) return as('identifier', identifier);
  if (kind === 'text')
    return as(
      'free_text',
      `it is free text of ${String(Math.round(column.meanLength))} characters on average`,
    );
  if ((kind === 'category' || kind === 'code') && tooManyLevels(distinct, present))
    return as(
      'many_levels',
      `its ${groupDigits(distinct)} levels have ${groupDigits(Math.round(present / distinct))} rows each on average, which makes a model worse more often than better`,
    );
  return { role: 'feature', why: null, doubt: doubtOf(name, separation) };
}

const tooManyLevels = (distinct: number, present: number): boolean =>
  distinct > MOST_LEVELS || (distinct > 10 && present / distinct < LEAST_ROWS_A_LEVEL);

function judgeAfterTheFact(
  name: string,
  separation: ColumnSeparation | null,
  missing: number,
): JudgedRole | undefined {
  const named = afterTheFact(name);
  const suspicion = separation?.suspicion ?? null;
  const strongest = Math.max(
    separation?.byValue ?? 0,
    separation?.byBand ?? 0,
    missing > 0 ? (separation?.byMissing ?? 0) : 0,
  );
  const after = (why: string): JudgedRole => ({ role: 'after_the_fact', why, doubt: null });
  if (named === 'certain')
    return after(
      `its name says that it is about the leaving itself${suspicion === null ? '' : `, and ${suspicion}`}`,
    );
  if (suspicion !== null) return after(suspicion);
  if (named === 'possible' && strongest >= SUSPECT_FROM)
    return after(
      `its name may be about the leaving itself, and alone it reaches AUC ${strongest.toFixed(3)}`,
    );
  return undefined;
}

function judgeIdentifier({
  name,
  kind,
  rows,
  missing,
  distinct,
  numbers,
}: RoleCandidate): string | undefined {
  const present = rows - missing;
  if (kind === 'numeric' || kind === 'code') {
    const whole = {
      name,
      kind,
      rows,
      missing,
      distinct,
      isWhole: numbers?.isWhole ?? kind === 'code',
      least: numbers?.least ?? null,
      most: numbers?.most ?? null,
    };
    if (isRowNumber(whole)) return 'it numbers the rows';
    const named = keyRank(name);
    if (whole.isWhole && named !== null && present >= 50 && distinct > present * 0.9)
      return 'its numbers tell rows apart and count nothing';
    if (kind === 'code' && present >= 50 && distinct > present * 0.5)
      return 'nearly every row has its own number';
    return undefined;
  }
  if (kind === 'category' && present >= 50 && distinct > present * 0.5)
    return 'nearly every row has its own text';
  return undefined;
}

function doubtOf(name: string, separation: ColumnSeparation | null): string | null {
  const strongest = Math.max(separation?.byValue ?? 0, separation?.byBand ?? 0);
  if (afterTheFact(name) === 'possible')
    return 'its name may be about the leaving itself; it is kept, since alone it does not tell who left';
  return strongest >= 0.85
    ? `alone it reaches AUC ${strongest.toFixed(3)}; is it known before a customer leaves?`
    : null;
}

/** Columns that say the same as one before them, with the column they repeat. */
export function copiesOf(
  pairs: readonly ColumnPair[],
  order: readonly string[],
): Map<string, { readonly of: string; readonly pair: ColumnPair }> {
  const place = new Map(order.map((name, index) => [name, index]));
  const copies = new Map<string, { of: string; pair: ColumnPair }>();
  const strong = pairs
    .filter(({ isCopy }) => isCopy)
    .toSorted((one, other) => (place.get(one.one) ?? 0) - (place.get(other.one) ?? 0));
  for (const pair of strong) {
    const [first, second] =
      (place.get(pair.one) ?? 0) < (place.get(pair.other) ?? 0)
        ? [pair.one, pair.other]
        : [pair.other, pair.one];
    if (!copies.has(first) && !copies.has(second)) copies.set(second, { of: first, pair });
  }
  return copies;
}
