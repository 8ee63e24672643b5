import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countLists, cutList, type ListMonth, type ListRule, type ScoredMonth } from './lists.ts';

const TERMS = { contactCost: 4, offerCost: 40, acceptance: 0.25 };
const RED: ListRule = { list: 'calls', tier: 'RED', horizonDays: 30, capacity: 2 };
const AMBER: ListRule = { list: 'letters', tier: 'AMBER', horizonDays: 60, capacity: null };

interface Person {
  readonly entity: number;
  readonly tier: string;
  readonly score: number;
  /** Whether the event came within 30 and 60 days. */
  readonly left: readonly [number, number];
  readonly value?: number;
}

function monthOf(observedOn: string, people: readonly Person[]): ScoredMonth {
  const scores = Float64Array.from(people, ({ score }) => score);
  return {
    observedOn,
    entities: Uint32Array.from(people, ({ entity }) => entity),
    tierOf: (row) => people[row]?.tier ?? '',
    values: Float64Array.from(people, ({ value }) => value ?? 100),
    horizons: [30, 60].map((days, index) => ({
      days,
      rawScores: scores,
      labels: Float32Array.from(people, ({ left }) => left[index] ?? 0),
    })),
  };
}

const person = (
  entity: number,
  tier: string,
  score: number,
  left: readonly [number, number] = [0, 0],
  value = 100,
): Person => ({ entity, tier, score, left, value });

const counted = (month: ListMonth | undefined): Extract<ListMonth, { contacted: number }> => {
  if (month === undefined || 'reason' in month) throw new Error('the month was not counted');
  return month;
};

const BOTH = new Set(['calls', 'letters']);

describe('a past list', () => {
  it('keeps the most urgent of its tier, equal scores in row order', () => {
    const month = monthOf('2024-01-01', [
      person(1, 'RED', 1),
      person(2, 'GREEN', 9),
      person(3, 'RED', 3),
      person(4, 'RED', 1),
    ]);
    expect([...cutList({ ...RED, capacity: null }, month)]).toEqual([2, 0, 3]);
    expect([...cutList(RED, month)]).toEqual([2, 0]);
    expect([...cutList({ ...RED, capacity: 0 }, month)]).toEqual([]);
  });

  it('counts who was caught, called in vain, on another list, and missed', () => {
    const counter = countLists([RED, AMBER], TERMS);
    counter.count(
      monthOf('2024-01-01', [
        person(1, 'RED', 5, [1, 1], 400),
        person(2, 'RED', 4),
        person(3, 'RED', 3, [1, 1]), // beyond the capacity
        person(4, 'AMBER', 2, [1, 1]),
        person(5, 'AMBER', 1, [0, 1], Number.NaN),
        person(6, 'GREEN', 0, [0, 1]),
        person(7, 'GREEN', -1),
      ]),
      BOTH,
    );
    const [calls, letters] = counter.result().lists;
    expect(counted(calls?.months[0])).toMatchObject({
      atRisk: 7,
      contacted: 2,
      beyondCapacity: 1,
      caught: 1,
      inVain: 1,
      precision: 0.5,
      events: 3,
      caughtByOthers: 1,
      missed: 1,
      churn: null,
      // 0.25 x (400 - 40) - 4 for the leaver, 0.25 x -40 - 4 for the other one.
      money: 86 - 14,
    });
    expect(counted(letters?.months[0])).toMatchObject({
      contacted: 2,
      caught: 2,
      inVain: 0,
      events: 5,
      caughtByOthers: 1,
      missed: 2,
      withoutValue: 1,
      // A value that is not known counts as 0.
      money: 0.25 * (100 - 40) - 4 + 0.25 * (0 - 40) - 4,
    });
  });

  it('says which share of it was not on it the month before', () => {
    const counter = countLists([{ ...RED, capacity: null }], TERMS);
    const calls = new Set(['calls']);
    counter.count(monthOf('2024-01-01', [person(1, 'RED', 1), person(2, 'RED', 2)]), calls);
    counter.count(
      monthOf('2024-02-01', [
        person(1, 'RED', 1),
        person(2, 'GREEN', 2),
        person(3, 'RED', 1),
        person(4, 'RED', 1),
      ]),
      calls,
    );
    counter.count(monthOf('2024-03-01', [person(1, 'GREEN', 1)]), calls);
    counter.count(monthOf('2024-04-01', [person(1, 'RED', 1)]), calls);
    counter.skip('2024-05-01', calls, 'too little history');
    counter.count(monthOf('2024-06-01', [person(1, 'RED', 1)]), calls);
    const [list] = counter.result().lists;
    expect(list?.months.map((month) => ('contacted' in month ? month.churn : month.reason))).toEqual([
      null,
      2 / 3,
      null,
      1,
      'too little history',
      null,
    ]);
    expect(list?.total.months).toBe(5);
  });

  it('is not compared with one of two months before', () => {
    const counter = countLists([RED], TERMS);
    const calls = new Set(['calls']);
    for (const month of ['2023-11-01', '2023-12-15', '2024-01-01', '2024-03-01'])
      counter.count(monthOf(month, [person(1, 'RED', 1)]), calls);
    const [list] = counter.result().lists;
    expect(list?.months.map((month) => counted(month).churn)).toEqual([null, 0, 0, null]);
  });

  it('has an interval of its precision: of a month by rows, of the total by entities', () => {
    const counter = countLists([{ ...RED, capacity: null }], TERMS);
    const people = Array.from({ length: 40 }, (_, entity) =>
      person(entity, 'RED', entity, [entity % 4 === 0 ? 1 : 0, 0]),
    );
    for (const month of ['2024-01-01', '2024-02-01', '2024-03-01', '2024-04-01'])
      counter.count(monthOf(month, people), new Set(['calls']));
    const { lists, total } = counter.result();
    const month = counted(lists[0]?.months[0]).precisionInterval;
    expect(month?.lower).toBeCloseTo(0.142, 3);
    expect(month?.upper).toBeCloseTo(0.402, 3);
    // The same forty people four times tell no more than forty people do.
    const [width, width4] = [month, lists[0]?.total.precisionInterval].map(
      (interval) => (interval?.upper as number) - (interval?.lower as number),
    );
    expect(width4 as number).toBeGreaterThan(0.85 * (width as number));
    expect(total.precisionInterval).toEqual(lists[0]?.total.precisionInterval);
  });

  it('counts the value of somebody once in totals, but every contact', () => {
    const counter = countLists([RED, AMBER], TERMS);
    counter.count(monthOf('2024-01-01', [person(1, 'AMBER', 1, [0, 1])]), BOTH);
    counter.count(monthOf('2024-02-01', [person(1, 'AMBER', 1, [0, 1])]), BOTH);
    counter.count(monthOf('2024-03-01', [person(1, 'RED', 1, [1, 1]), person(2, 'RED', 0)]), BOTH);
    const { lists, total } = counter.result();
    const [calls, letters] = lists;
    const cost = 0.25 * 40 + 4;
    expect(letters?.total).toMatchObject({ contacted: 2, caught: 2, leavers: 1, money: 25 - 2 * cost });
    expect(calls?.total).toMatchObject({
      contacted: 2,
      caught: 1,
      inVain: 1,
      leavers: 1,
      money: 25 - 2 * cost,
    });
    expect(total).toEqual({
      contacted: 4,
      caught: 3,
      inVain: 1,
      precision: 0.75,
      precisionInterval: { lower: 0, upper: 1 },
      leavers: 1,
      money: 25 - 4 * cost,
      costInVain: cost,
    });
  });

  it('is not counted in a month that was not asked for', () => {
    const counter = countLists([RED, AMBER], TERMS);
    counter.count(monthOf('2024-01-01', [person(1, 'RED', 1)]), new Set(['letters']));
    const [calls, letters] = counter.result().lists;
    expect(calls?.months).toEqual([]);
    expect(calls?.total).toMatchObject({ months: 0, contacted: 0, precision: null, money: 0 });
    expect(counted(letters?.months[0])).toMatchObject({ contacted: 0, precision: null, churn: null });
  });

  it('adds up and keeps to its capacity, whatever happened', () => {
    const people = fc.array(
      fc.record({
        entity: fc.integer({ min: 0, max: 1000 }),
        tier: fc.constantFrom('RED', 'AMBER', 'GREEN'),
        score: fc.integer({ min: -3, max: 3 }),
        left: fc.constantFrom([0, 0], [0, 1], [1, 1]),
        value: fc.constantFrom(0, 100, 250, Number.NaN),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(
        fc.array(people, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 0, max: 6 }),
        (months, capacity) => {
          const rules = [{ ...RED, capacity }, AMBER];
          const counter = countLists(rules, TERMS);
          months.forEach((rows, index) => {
            counter.count(monthOf(`2024-0${String(index + 1)}-01`, rows), BOTH);
          });
          const { lists, total } = counter.result();
          for (const { months: own, total: sums, capacity: most } of lists) {
            for (const month of own.map(counted)) {
              expect(month.caught + month.inVain).toBe(month.contacted);
              expect(month.caught + month.caughtByOthers + month.missed).toBe(month.events);
              expect(month.contacted).toBeLessThanOrEqual(most ?? month.atRisk);
            }
            expect(sums.caught + sums.inVain).toBe(sums.contacted);
            expect(sums.contacted).toBe(own.reduce((sum, month) => sum + counted(month).contacted, 0));
            expect(sums.leavers).toBeLessThanOrEqual(sums.caught);
          }
          expect(total.caught + total.inVain).toBe(total.contacted);
          expect(total.money).not.toBeNaN();
        },
      ),
      { seed: 6, numRuns: 200 },
    );
  });
});
