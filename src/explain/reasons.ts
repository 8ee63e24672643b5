/**
 * Contributions as sentences of the business. A reason is a group of features that together push the score up;
 * its strongest member that has a sentence for its value speaks. What pushes down, is missing or has no sentence
 * is never named.
 */
import { groupDigits } from '../kernel/index.ts';
import type { FeatureEncoding } from '../model/index.ts';
import { type Feature, fillReason, type Pack } from '../pack/index.ts';

/** One reason for a score. */
export interface Reason {
  /** The sentence. */
  readonly text: string;
  /** The feature that speaks for the group. */
  readonly feature: string;
  /** Members of the group that push the score up. */
  readonly features: readonly string[];
  /** Sum over all members of the group, log-odds. */
  readonly contribution: number;
  /** What the playbook does about it. */
  readonly intervention: string | null;
}

/** Turns the contributions of a row and what may be told of its values (NaN: nothing) into reasons. */
export type ReasonsOf = (contributions: ArrayLike<number>, values: ArrayLike<number>) => Reason[];

interface Member {
  readonly index: number;
  readonly name: string;
  /** The sentence for a value of the matrix, or undefined where none is true of it. */
  readonly say: (value: number) => string | undefined;
  readonly intervention: string | null;
}

/** A reason weighs at least this part of the strongest one; less is noise that a caller should not bring up. */
const LEAST_PART_OF_STRONGEST = 0.1;

/** At most `most` reasons a row, strongest first. Contributions and values are in the order of the encoding. */
export function reasonMaker(
  pack: Pick<Pack, 'features' | 'playbook'>,
  encoding: FeatureEncoding,
  most = 3,
): ReasonsOf {
  const groups = new Map<string, Member[]>();
  encoding.features.forEach(({ name, categories, outlierOf }, index) => {
    const feature = pack.features[outlierOf ?? name];
    if (feature === undefined) return;
    const group = feature.group ?? outlierOf ?? name;
    const member = {
      index,
      name,
      // A flag weighs with its feature, which speaks for both.
      say: outlierOf === undefined ? sentenceOf(feature, categories) : () => undefined,
      intervention: pack.playbook.drivers[name] ?? null,
    };
    groups.set(group, [...(groups.get(group) ?? []), member]);
  });
  const lists = [...groups.values()];
  return (contributions, values) => {
    const reasons = lists
      .flatMap((members) => reasonOf(members, contributions, values))
      .sort((a, b) => b.contribution - a.contribution);
    const least = (reasons[0]?.contribution ?? 0) * LEAST_PART_OF_STRONGEST;
    return reasons.filter(({ contribution }) => contribution >= least).slice(0, most);
  };
}

function reasonOf(
  members: readonly Member[],
  contributions: ArrayLike<number>,
  values: ArrayLike<number>,
): Reason[] {
  const of = ({ index }: Member): number => contributions[index] as number;
  const contribution = members.reduce((sum, member) => sum + of(member), 0);
  if (!(contribution > 0)) return [];
  const pushing = members.filter((member) => of(member) > 0).sort((a, b) => of(b) - of(a));
  for (const { index, name, say, intervention } of pushing) {
    const text = say(values[index] as number);
    if (text !== undefined)
      return [
        { text, feature: name, features: pushing.map((member) => member.name), contribution, intervention },
      ];
  }
  return [];
}

function sentenceOf(
  { reason, missing }: Feature,
  categories: readonly string[],
): (value: number) => string | undefined {
  const cases = typeof reason === 'string' ? [{ say: reason }] : (reason ?? []);
  return (value) => {
    if (Number.isNaN(value) || missing.includes(value)) return undefined;
    const category = categories[value];
    if (categories.length > 0 && category === undefined) return undefined;
    const found = cases.find(({ from, below, is }) =>
      category === undefined
        ? (from === undefined || value >= from) && (below === undefined || value < below)
        : is === undefined || is.includes(category),
    );
    if (found === undefined) return undefined;
    return fillReason(found.say, (placeholder) => {
      if (placeholder === 'value') return category ?? formatNumber(value);
      if (placeholder === 'size') return formatNumber(Math.abs(value));
      if (placeholder === 'percent') return formatNumber(Math.round(Math.abs(value) * 100));
      return times(value);
    });
  };
}

/** As many digits as one says: whole from 10 on, else one decimal. */
function formatNumber(value: number): string {
  const rounded = Math.abs(value) >= 10 ? Math.round(value) : Math.round(value * 10) / 10;
  if (!Number.isInteger(rounded)) return rounded.toFixed(1);
  return `${rounded < 0 ? '-' : ''}${groupDigits(Math.abs(rounded))}`;
}

function times(count: number): string {
  if (count === 1) return 'once';
  if (count === 2) return 'twice';
  return `${formatNumber(count)} times`;
}
