/** The filters of the queue as they stand in an address. */
import { type CustomersQuery, OUTCOMES, ROWS_AT_MOST, TABS } from '../desk/index.ts';
import { misfit } from './error-shape.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Longest text of a value, and the most values of one filter. */
const TEXT_LENGTH_AT_MOST = 256;
const VALUES_AT_MOST = 50;
const SEGMENT = 'segment.';

/** Reads one parameter into the query. */
type Reader = (query: Mutable<CustomersQuery>, name: string, value: unknown) => void;

const READERS: Readonly<Record<string, Reader>> = {
  tab: (query, name, value) => {
    query.tab = among(name, value, TABS);
  },
  tier: (query, name, value) => {
    query.tier = texts(name, value);
  },
  owner: (query, name, value) => {
    query.owner = texts(name, value);
  },
  assignee: (query, name, value) => {
    query.assignee = text(name, value);
  },
  search: (query, name, value) => {
    query.search = text(name, value);
  },
  horizon: (query, name, value) => {
    query.horizon = whole(name, value);
  },
  probability_from: (query, name, value) => {
    query.probability_from = share(name, value);
  },
  probability_to: (query, name, value) => {
    query.probability_to = share(name, value);
  },
  other_horizon: (query, name, value) => {
    query.other_horizon = whole(name, value);
  },
  other_from: (query, name, value) => {
    query.other_from = share(name, value);
  },
  other_to: (query, name, value) => {
    query.other_to = share(name, value);
  },
  outcome: (query, name, value) => {
    query.outcome = among(name, value, OUTCOMES);
  },
  overdue: (query, name, value) => {
    query.overdue = among(name, value, ['true', 'false']) === 'true';
  },
  sort: (query, name, value) => {
    query.sort = text(name, value);
  },
  order: (query, name, value) => {
    query.order = among(name, value, ['ascending', 'descending']);
  },
};

const PAGE_READERS: Readonly<Record<string, Reader>> = {
  offset: (query, name, value) => {
    query.offset = whole(name, value);
  },
  limit: (query, name, value) => {
    const limit = whole(name, value);
    if (limit < 1 || limit > ROWS_AT_MOST)
      throw misfit(
        name,
        `a page has 1 to ${String(ROWS_AT_MOST)} rows`,
        `ask for at most ${String(ROWS_AT_MOST)} rows`,
      );
    query.limit = limit;
  },
};

/**
 * The filters and the order, and with `hasPages` the part of the rows.
 *
 * @throws HF611 with the name of a parameter that is unknown, given too often or does not fit. Which tiers, horizons and
 *   segments there are knows the desk.
 */
export function readCustomersQuery(given: unknown, { hasPages = false } = {}): CustomersQuery {
  const readers = hasPages ? { ...READERS, ...PAGE_READERS } : READERS;
  const query: Mutable<CustomersQuery> = {};
  const segments: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(given as Readonly<Record<string, unknown>>)) {
    if (name.startsWith(SEGMENT)) {
      segments[name.slice(SEGMENT.length)] = texts(name.slice(0, 80), value);
      continue;
    }
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (read === undefined)
      throw misfit(
        name.slice(0, 80),
        'the parameter is unknown',
        `there are ${Object.keys(readers).join(', ')} and segment.<name>`,
      );
    read(query, name, value);
  }
  if (Object.keys(segments).length > 0) query.segments = segments;
  return query;
}

function text(name: string, value: unknown): string {
  if (typeof value !== 'string') throw misfit(name, 'the parameter is given more than once', 'give it once');
  if (value.length > TEXT_LENGTH_AT_MOST || /\p{Cc}/u.test(value))
    throw misfit(
      name,
      `the text is longer than ${String(TEXT_LENGTH_AT_MOST)} characters or has control characters`,
      'give a shorter text',
    );
  return value;
}

function texts(name: string, value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  if (values.length > VALUES_AT_MOST)
    throw misfit(name, `more than ${String(VALUES_AT_MOST)} values`, 'give fewer of them');
  return values.map((one) => text(name, one));
}

function among<const T extends string>(name: string, value: unknown, known: readonly T[]): T {
  const given = text(name, value);
  const found = known.find((one) => one === given);
  if (found !== undefined) return found;
  throw misfit(name, 'the value is not known', `there are ${known.join(', ')}`);
}

function whole(name: string, value: unknown): number {
  const given = text(name, value);
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw misfit(name, 'expected a whole number from 0', `write ?${name}=0`);
}

function share(name: string, value: unknown): number {
  const given = text(name, value);
  const number = /^\d*\.?\d+(e-?\d{1,3})?$/i.test(given) ? Number(given) : Number.NaN;
  if (number >= 0 && number <= 1) return number;
  throw misfit(name, 'expected a number from 0 to 1', `write ?${name}=0.5`);
}
