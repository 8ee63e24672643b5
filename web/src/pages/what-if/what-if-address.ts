/** A what-if as it stands in its address: where it began, what was changed, and what is looked at. */
import { many, number, one, type RawSearch } from '../../search.ts';

/** Inputs as they are written in a field, by feature; the empty text stands for a value that is not known. */
export type Draft = Readonly<Record<string, string>>;

export type StartAddress =
  | { readonly kind: 'none' }
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'blank' }
  /** A row that is nobody's: it stands there with all its values; what is missing is not known. */
  | { readonly kind: 'values'; readonly asOf: string; readonly values: Draft };

export interface WhatIfAddress {
  readonly start: StartAddress;
  readonly changes: Draft;
  /** The horizon whose contributions are shown; the shortest where there is none. */
  readonly days?: number;
  /** Whether the inputs that a form does not begin with are unfolded. */
  readonly isUnfolded: boolean;
  /** What a random start is drawn from. */
  readonly tier?: string;
}

const CHANGED = 'set.';
/** Of features that were changed to "not known": an empty parameter would be lost. */
const UNKNOWN = 'unknown';
const START = 'start';
const START_VALUE = 'start.';

export function readAddress(raw: RawSearch): WhatIfAddress {
  const days = number(raw['days']);
  const tier = one(raw['tier']);
  return {
    start: readStart(raw),
    changes: {
      ...Object.fromEntries(many(raw[UNKNOWN]).map((name) => [name, ''])),
      ...valuesBelow(raw, CHANGED),
    },
    isUnfolded: one(raw['more']) === 'true',
    ...(days === undefined ? {} : { days }),
    ...(tier === undefined ? {} : { tier }),
  };
}

export function writeAddress({ start, changes, days, isUnfolded, tier }: WhatIfAddress): RawSearch {
  const unknown = Object.keys(changes).filter((name) => changes[name] === '');
  const search: Record<string, string | string[] | undefined> = {
    ...writeStart(start),
    ...prefixed(changes, CHANGED),
    [UNKNOWN]: unknown.length === 0 ? undefined : unknown,
    days: days === undefined ? undefined : String(days),
    more: isUnfolded ? 'true' : undefined,
    tier,
  };
  return Object.fromEntries(
    Object.entries(search).filter((entry): entry is [string, string | string[]] => entry[1] !== undefined),
  );
}

function readStart(raw: RawSearch): StartAddress {
  const id = one(raw['id']);
  if (id !== undefined && id !== '') return { kind: 'id', id };
  const kind = one(raw[START]);
  if (kind === 'blank') return { kind };
  if (kind !== 'values') return { kind: 'none' };
  return { kind, asOf: one(raw['as_of']) ?? '', values: valuesBelow(raw, START_VALUE) };
}

function writeStart(start: StartAddress): RawSearch {
  if (start.kind === 'none') return {};
  if (start.kind === 'id') return { id: start.id };
  if (start.kind === 'blank') return { [START]: start.kind };
  return { [START]: start.kind, as_of: start.asOf, ...prefixed(start.values, START_VALUE) };
}

const valuesBelow = (raw: RawSearch, prefix: string): Draft =>
  Object.fromEntries(
    Object.entries(raw).flatMap(([name, value]) => {
      const text = one(value);
      return name.startsWith(prefix) && text !== undefined ? [[name.slice(prefix.length), text]] : [];
    }),
  );

const prefixed = (values: Draft, prefix: string): Draft =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, text]) => (text === '' ? [] : [[`${prefix}${name}`, text]])),
  );

/** The same text for the same inputs, in whatever order they were changed. */
export const draftKey = (draft: Draft): string =>
  JSON.stringify(Object.entries(draft).sort(([a], [b]) => (a < b ? -1 : 1)));
