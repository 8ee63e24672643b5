/** Turns what was found about a table into the decisions of a pack. Pure. */
import type { ColumnProfile, TableProfile, TargetProfile } from '../domain/index.ts';
import { HoldfastError, wordsOf } from '../kernel/index.ts';
import { currencyIn, monthlyRevenueRank } from './money.ts';
import { isPlainName, labelOf, namer } from './names.ts';

export interface InitWishes {
  /** Name of the pack. */
  readonly name: string;
  /** Glob patterns of the deliveries. */
  readonly files: readonly string[];
  /** `format:` of the source, as the reader of the file found it; empty where all is usual. */
  readonly format: Readonly<Record<string, string | number>>;
  /** Columns that are taken in whatever was found about them, and left out. */
  readonly keep: readonly string[];
  readonly drop: readonly string[];
  /** Days ahead that the target stands for. */
  readonly horizonDays: number;
  readonly currency?: string;
  /** The column of what a customer pays a month. */
  readonly revenue?: string;
}

/** A column of the file with what becomes of it. */
export interface DraftColumn {
  readonly profile: ColumnProfile;
  /** Its name in bronze, where the name in the file may be none. */
  readonly bronze: string;
  /** Its name from silver on. */
  readonly name: string;
  /** Declared type of the source. */
  readonly type: 'STRING' | 'BIGINT' | 'DOUBLE';
  readonly use: 'key' | 'target' | 'feature' | 'left_out';
  readonly why: string | null;
  /** Taken in against what was found, by `keep`. */
  readonly isKept: boolean;
}

export interface DraftFeature {
  readonly name: string;
  readonly column: DraftColumn;
  readonly type: 'numeric' | 'categorical';
  readonly unit: string | null;
  readonly range: readonly [number | null, number | null] | null;
  readonly label: string;
  readonly reason: string;
  readonly group: string | null;
}

export interface PackDraft {
  readonly wishes: InitWishes;
  readonly profile: TableProfile;
  readonly target: TargetProfile;
  readonly columns: readonly DraftColumn[];
  readonly targetColumn: DraftColumn;
  /** Undefined where a fingerprint of the row is the key. */
  readonly keyColumn: DraftColumn | undefined;
  /** Name of the key from silver on. */
  readonly key: string;
  readonly features: readonly DraftFeature[];
  readonly segments: readonly string[];
  readonly value: DraftValue;
}

export interface DraftValue {
  readonly assumption: string;
  readonly currency: string;
  readonly column: string;
  /** Revenue a month where no column says it. */
  readonly flat: number | null;
}

const FINGERPRINT = 'row_key';
const FLAT_REVENUE = 50;
const DEFAULT_CURRENCY = 'EUR';
const MOST_SEGMENTS = 3;

/** Throws HF101 for a profile without a target, HF207 where no column is left to learn from. */
export function draftPack(profile: TableProfile, wishes: InitWishes): PackDraft {
  const { target } = profile;
  if (target === null)
    throw new HoldfastError('HF101', { message: '--target is needed: the column that says who left' });
  const nameOf = namer(profile.key.column === null ? [FINGERPRINT] : []);
  // The key comes first, so that no other column takes its name.
  const bronzeOf = namer(profile.columns.map(({ name }) => name).filter(isPlainName));
  const key = profile.key.column === null ? FINGERPRINT : nameOf(profile.key.column);
  const columns = profile.columns.map((column) =>
    draftColumn(column, profile, wishes, { nameOf, bronzeOf }, key),
  );
  const targetColumn = columns.find(({ use }) => use === 'target');
  const features = draftFeatures(columns, profile, nameOf, wishes);
  if (targetColumn === undefined || features.length === 0)
    throw new HoldfastError('HF207', {
      message: `no column is left to learn from: ${profile.columns.length - 1 < 1 ? 'the table has the target only' : 'each was left out'}`,
      hint: 'look at what was found with holdfast profile, and take columns back in with --keep',
    });
  return {
    wishes,
    profile,
    target,
    columns,
    targetColumn,
    keyColumn: columns.find(({ use }) => use === 'key'),
    key,
    features,
    segments: segmentsOf(features),
    value: valueOf(features, wishes),
  };
}

function draftColumn(
  profile: ColumnProfile,
  { key }: TableProfile,
  { keep, drop, format }: InitWishes,
  { nameOf, bronzeOf }: Record<'nameOf' | 'bronzeOf', (name: string) => string>,
  keyName: string,
): DraftColumn {
  const { name, role, why, kind } = profile;
  const isKey = name === key.column;
  const isKept = role !== 'feature' && keep.includes(name);
  const use = isKey
    ? 'key'
    : role === 'target'
      ? 'target'
      : drop.includes(name)
        ? 'left_out'
        : role === 'feature' || (isKept && kind !== 'empty')
          ? 'feature'
          : 'left_out';
  return {
    profile,
    bronze: isPlainName(name) ? name : bronzeOf(name),
    name: isKey ? keyName : nameOf(name),
    type: typeOf(profile, use, format),
    use,
    why: drop.includes(name)
      ? 'left out as asked for'
      : isKept
        ? `taken in as asked for, although ${String(why)}`
        : why,
    isKept,
  };
}

/** Columns are declared with their type only where every text casts by itself; the others are cleaned in SQL. */
function typeOf(
  { kind, reading, numbers }: ColumnProfile,
  use: DraftColumn['use'],
  format: InitWishes['format'],
): DraftColumn['type'] {
  if (kind !== 'numeric' || !reading.isPlain || numbers === null || use === 'key' || use === 'target')
    return 'STRING';
  const isSafe = Math.max(Math.abs(numbers.least), Math.abs(numbers.most)) <= Number.MAX_SAFE_INTEGER;
  if (numbers.isWhole && isSafe) return 'BIGINT';
  // A file of decimal commas is taken at its word when it comes in, whatever this column looks like.
  return (format['decimal'] ?? '.') === '.' ? 'DOUBLE' : 'STRING';
}

function draftFeatures(
  columns: readonly DraftColumn[],
  { pairs }: TableProfile,
  nameOf: (name: string) => string,
  wishes: InitWishes,
): DraftFeature[] {
  const used = columns.filter(({ use }) => use === 'feature');
  const groups = groupsOf(used, pairs);
  return used.map((column) => {
    const { profile, name } = column;
    const isDate = profile.kind === 'date';
    const label = isDate ? `Days since ${wordsOf(profile.name)}` : labelOf(profile.name);
    const numeric = profile.kind === 'numeric' || isDate;
    const unit = isDate
      ? 'days'
      : profile.unit === 'money'
        ? (wishes.currency ?? currencyIn(profile.name) ?? currencyIn(profile.reading.says ?? '') ?? 'money')
        : profile.unit;
    return {
      name: isDate ? nameOf(`days since ${wordsOf(profile.name)}`) : name,
      column,
      type: numeric ? 'numeric' : 'categorical',
      unit: numeric ? unit : null,
      range: isDate ? null : rangeOf(profile),
      label,
      reason: reasonOf(label, numeric ? unit : null, isDate),
      group: groups.get(column.name) ?? null,
    };
  });
}

function rangeOf({ numbers }: ColumnProfile): DraftFeature['range'] {
  if (numbers === null) return null;
  const { least, most } = numbers;
  const room = (most - least) / 2;
  const round = (value: number, up: boolean): number => {
    if (value === 0) return 0;
    const step = 10 ** Math.floor(Math.log10(Math.abs(value)));
    return Number(((up ? Math.ceil(value / step) : Math.floor(value / step)) * step).toPrecision(12));
  };
  return [least >= 0 ? 0 : round(least - room, false), most <= 0 ? 0 : round(most + room, true)];
}

function reasonOf(label: string, unit: string | null, isDate: boolean): string {
  if (isDate) return `${label}: {value}`;
  const said = unit !== null && wordsOf(label).split(' ').includes(wordsOf(unit));
  return unit === null || unit === 'count' || unit === 'share' || unit === 'money' || said
    ? `${label}: {value}`
    : `${label}: {value} ${unit}`;
}

/** Columns of nearly the same content share a reason, so that it is not counted twice. */
function groupsOf(used: readonly DraftColumn[], pairs: TableProfile['pairs']): Map<string, string> {
  const groups = new Map<string, string>();
  const nameOf = (source: string): string | undefined =>
    used.find(({ profile }) => profile.name === source)?.name;
  for (const { one, other, correlation } of pairs) {
    const [first, second] = [nameOf(one), nameOf(other)];
    if (first === undefined || second === undefined || Math.abs(correlation) < 0.95) continue;
    const group = groups.get(first) ?? groups.get(second) ?? `like_${first}`;
    groups.set(first, group);
    groups.set(second, group);
  }
  return groups;
}

/** Categories of few levels, those that tell most first. */
function segmentsOf(features: readonly DraftFeature[]): string[] {
  return features
    .filter(
      ({ type, column: { profile } }) =>
        type === 'categorical' && profile.distinct >= 2 && profile.distinct <= 8,
    )
    .toSorted(
      (one, other) =>
        (other.column.profile.separation?.byBand ?? 0) - (one.column.profile.separation?.byBand ?? 0),
    )
    .slice(0, MOST_SEGMENTS)
    .map(({ name }) => name);
}

function valueOf(features: readonly DraftFeature[], { revenue, currency }: InitWishes): DraftValue {
  const numeric = features.filter(({ type }) => type === 'numeric');
  const asked = features.find(({ column, name }) => column.profile.name === revenue || name === revenue);
  if (revenue !== undefined && asked?.type !== 'numeric')
    throw new HoldfastError('HF203', {
      message: `--revenue ${revenue} is no column of numbers that the pack uses`,
      hint: `columns of numbers are ${numeric.map(({ column }) => column.profile.name).join(', ')}`,
      place: { field: revenue },
    });
  const ranked = numeric
    .flatMap((feature) => {
      const rank = monthlyRevenueRank(feature.column.profile.name);
      return rank === null ? [] : [{ feature, rank }];
    })
    .sort((one, other) => one.rank - other.rank);
  const found = asked ?? ranked[0]?.feature;
  const named = found?.unit === null || found?.unit === 'money' ? undefined : found?.unit;
  const shown = currency ?? (named !== undefined && /^[A-Z]{3}$/.test(named) ? named : DEFAULT_CURRENCY);
  if (found !== undefined)
    return {
      assumption: `Assumed: ${found.column.profile.name} is what a customer pays a month in ${shown}; a customer who stays brings it for another year; costs and acceptance are examples.`,
      currency: shown,
      column: found.name,
      flat: null,
    };
  return {
    assumption: `Assumed: every customer pays ${String(FLAT_REVENUE)} ${shown} a month, since no column says what one pays; costs and acceptance are examples.`,
    currency: shown,
    column: features[0]?.name ?? '',
    flat: FLAT_REVENUE,
  };
}
