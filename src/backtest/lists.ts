/** Past lists: who would have been on them, what happened to these afterwards, and what contacting them was worth. */
import {
  type CalendarDate,
  type ContactTerms,
  expectedGains,
  type Interval,
  type Labels,
  monthNumber,
  wilsonInterval,
} from '../domain/index.ts';
import { addContact, type EntityContacts, precisionOver } from './entity-contacts.ts';

/** A list as it is cut every month. */
export interface ListRule {
  readonly list: string;
  readonly tier: string;
  /** The horizon of the tier: the list is ordered by its score, and an event within it counts as caught. */
  readonly horizonDays: number;
  /** Null takes the whole tier. */
  readonly capacity: number | null;
}

/** The entities at risk in a month, scored by the models of then. */
export interface ScoredMonth {
  readonly observedOn: CalendarDate;
  readonly entities: Uint32Array;
  /** Tier of each row. */
  readonly tierOf: (row: number) => string;
  /** Remaining value of each row; NaN where it is not known. */
  readonly values: Float64Array;
  readonly horizons: readonly {
    readonly days: number;
    readonly rawScores: Float64Array;
    /** 0 or 1; NaN where the outcome is not known yet. */
    readonly labels: Labels;
  }[];
}

/**
 * A list in a month. Always `caught + inVain = contacted` and `caught + caughtByOthers + missed = events`.
 * Or why there was no list.
 */
export type ListMonth =
  | ({
      readonly observedOn: CalendarDate;
      readonly atRisk: number;
      /** Share of those at risk who had the event within the list's horizon. */
      readonly baseRate: number | null;
      /** Of the tier, but beyond the capacity. */
      readonly beyondCapacity: number;
      /** `precision` over the base rate. */
      readonly lift: number | null;
      /**
       * Share of the list who were not on it in the calendar month before; null for an empty list, in the first month
       * and after a month without a list, since the lists of two months apart differ more.
       */
      readonly churn: number | null;
      /** Contacted entities whose value is not known; it counts as 0. */
      readonly withoutValue: number;
    } & Counts)
  | { readonly observedOn: CalendarDate; readonly reason: string };

interface Counts {
  readonly contacted: number;
  /** On the list, and the event came within its horizon. */
  readonly caught: number;
  /** On the list, and no event came. */
  readonly inVain: number;
  readonly precision: number | null;
  /**
   * 95 % interval: of a month, where a row is an entity, after Wilson; of totals, where entities come again, from a
   * bootstrap over those contacted. It is about what they did, not about whom another list would have held.
   */
  readonly precisionInterval: Interval | null;
  /** Events of those at risk within the horizon. */
  readonly events: number;
  /** Events of those on other lists alone. */
  readonly caughtByOthers: number;
  /** Events of those on no list. */
  readonly missed: number;
  /** Expected gain of the contacts, in the pack's currency. */
  readonly money: number;
}

export interface ListTotal extends Counts {
  readonly months: number;
  /** Entities caught, each once, in however many months they were. */
  readonly leavers: number;
}

export interface ListHistory extends ListRule {
  /** Oldest first. */
  readonly months: readonly ListMonth[];
  readonly total: ListTotal;
}

/** All lists together; events are not added up, since those of a longer horizon hold those of a shorter one. */
export interface GrandTotal extends Pick<
  ListTotal,
  'contacted' | 'caught' | 'inVain' | 'precision' | 'precisionInterval' | 'leavers' | 'money'
> {
  /** Costs of all contacts with those who did not leave. */
  readonly costInVain: number;
}

/** The rows of a list, the most urgent first; equal scores in row order. */
export function cutList({ tier, horizonDays, capacity }: ListRule, month: ScoredMonth): Uint32Array {
  const { rawScores } = horizonOf(month, horizonDays);
  const rows: number[] = [];
  for (let row = 0; row < month.entities.length; row += 1) if (month.tierOf(row) === tier) rows.push(row);
  rows.sort((a, b) => (rawScores[b] as number) - (rawScores[a] as number) || a - b);
  return Uint32Array.from(capacity === null ? rows : rows.slice(0, capacity));
}

/** Takes months in their order and counts what became of each list. */
export interface ListCounter {
  /** `lists`: those whose outcome is known and asked for in this month; all others are cut, but not counted. */
  count(month: ScoredMonth, lists: ReadonlySet<string>): void;
  /** A month without models, for the lists that ask for it. */
  skip(observedOn: CalendarDate, lists: ReadonlySet<string>, reason: string): void;
  result(): { readonly lists: readonly ListHistory[]; readonly total: GrandTotal };
}

export function countLists(rules: readonly ListRule[], terms: ContactTerms): ListCounter {
  const states = rules.map((rule): ListState => ({
    rule,
    months: [],
    before: undefined,
    contacts: new Map(),
    caught: new Map(),
    repeated: 0,
  }));
  return {
    count: (month, lists) => {
      const cuts = states.map(({ rule }) => cutList(rule, month));
      const onLists = new Uint8Array(month.entities.length);
      for (const cut of cuts) for (const row of cut) onLists[row] = (onLists[row] as number) + 1;
      states.forEach((state, index) => {
        const cut = cuts[index] as Uint32Array;
        if (lists.has(state.rule.list)) countMonth(state, month, cut, onLists, terms);
        state.before = {
          month: monthNumber(month.observedOn),
          entities: new Set(Array.from(cut, (row) => month.entities[row] as number)),
        };
      });
    },
    skip: (observedOn, lists, reason) => {
      for (const state of states) {
        if (lists.has(state.rule.list)) state.months.push({ observedOn, reason });
        state.before = undefined;
      }
    },
    result: () => ({
      lists: states.map((state) => ({ ...state.rule, months: state.months, total: totalOf(state, terms) })),
      total: grandTotal(states, terms),
    }),
  };
}

interface ListState {
  readonly rule: ListRule;
  readonly months: ListMonth[];
  /** Entities on the list in the last month that was cut. */
  before: { readonly month: number; readonly entities: ReadonlySet<number> } | undefined;
  /** How often each entity was contacted, and how often of these caught. */
  readonly contacts: EntityContacts;
  /** Value of each entity caught, at the first time. */
  readonly caught: Map<number, number>;
  /** Value that months counted again for entities caught before. */
  repeated: number;
}

function countMonth(
  state: ListState,
  month: ScoredMonth,
  cut: Uint32Array,
  onLists: Uint8Array,
  terms: ContactTerms,
): void {
  const { entities, values, observedOn } = month;
  const { labels } = horizonOf(month, state.rule.horizonDays);
  const outcomes = Float64Array.from(cut, (row) => labels[row] as number);
  const worth = Float64Array.from(cut, (row) => values[row] as number);
  const known = worth.map((value) => (Number.isNaN(value) ? 0 : value));
  const gains = expectedGains(outcomes, known, terms);
  const caught = sum(outcomes);
  const own = new Set(cut);
  let events = 0;
  let missed = 0;
  let caughtByOthers = 0;
  for (let row = 0; row < labels.length; row += 1) {
    if (labels[row] !== 1) continue;
    events += 1;
    if (onLists[row] === 0) missed += 1;
    else if (!own.has(row)) caughtByOthers += 1;
  }
  cut.forEach((row, position) => {
    const entity = entities[row] as number;
    addContact(state.contacts, entity, outcomes[position] === 1);
    if (outcomes[position] !== 1) return;
    if (state.caught.has(entity)) state.repeated += known[position] as number;
    else state.caught.set(entity, known[position] as number);
  });
  const baseRate = entities.length === 0 ? null : events / entities.length;
  const precision = share(caught, cut.length);
  const before = state.before?.month === monthNumber(observedOn) - 1 ? state.before.entities : undefined;
  const onTier = entities.reduce(
    (count, _, row) => count + (month.tierOf(row) === state.rule.tier ? 1 : 0),
    0,
  );
  state.months.push({
    observedOn,
    atRisk: entities.length,
    baseRate,
    contacted: cut.length,
    beyondCapacity: onTier - cut.length,
    caught,
    inVain: cut.length - caught,
    precision,
    precisionInterval: wilsonInterval(caught, cut.length),
    lift: precision === null || baseRate === null || baseRate === 0 ? null : precision / baseRate,
    events,
    caughtByOthers,
    missed,
    money: sum(gains),
    withoutValue: worth.filter((value) => Number.isNaN(value)).length,
    churn:
      before === undefined
        ? null
        : share(cut.filter((row) => !before.has(entities[row] as number)).length, cut.length),
  });
}

function totalOf({ months, contacts, caught, repeated }: ListState, terms: ContactTerms): ListTotal {
  const counted = months.filter((month) => 'contacted' in month);
  const add = (figure: (month: Counts) => number): number => sum(counted.map(figure));
  const contacted = add((month) => month.contacted);
  const caughtTimes = add((month) => month.caught);
  return {
    months: counted.length,
    contacted,
    caught: caughtTimes,
    inVain: add((month) => month.inVain),
    precision: share(caughtTimes, contacted),
    precisionInterval: precisionOver([contacts]),
    events: add((month) => month.events),
    caughtByOthers: add((month) => month.caughtByOthers),
    missed: add((month) => month.missed),
    leavers: caught.size,
    money: add((month) => month.money) - terms.acceptance * repeated,
  };
}

function grandTotal(states: readonly ListState[], terms: ContactTerms): GrandTotal {
  const totals = states.map((state) => totalOf(state, terms));
  const add = (figure: (total: ListTotal) => number): number => sum(totals.map(figure));
  const worth = new Map<number, number>();
  let repeated = 0;
  for (const { caught } of states)
    for (const [entity, value] of caught) {
      if (worth.has(entity)) repeated += value;
      else worth.set(entity, value);
    }
  const contacted = add((total) => total.contacted);
  const caught = add((total) => total.caught);
  const inVain = add((total) => total.inVain);
  return {
    contacted,
    caught,
    inVain,
    precision: share(caught, contacted),
    precisionInterval: precisionOver(states.map(({ contacts }) => contacts)),
    leavers: worth.size,
    money: add((total) => total.money) - terms.acceptance * repeated,
    costInVain: inVain * (terms.acceptance * terms.offerCost + terms.contactCost),
  };
}

function horizonOf(month: ScoredMonth, days: number): ScoredMonth['horizons'][number] {
  const found = month.horizons.find((horizon) => horizon.days === days);
  if (found === undefined) throw new RangeError(`there is no horizon of ${String(days)} days`);
  return found;
}

const sum = (values: Iterable<number>): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
