import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMonths, daysBetween, formatDate } from '../domain/index.ts';
import { type HorizonFold, planFold, type PlannedModel } from './folds.ts';
import { type History, knownMonths, readCalendar } from './history.ts';

const EPOCH = '1970-01-01';
const dayOf = (date: string): number => daysBetween(EPOCH, date);

interface Row {
  readonly day: number;
  readonly entity: number;
  /** Day of the event, or none. */
  readonly event: number | null;
}

/** A history of rows, ordered as it must be, in which outcomes are known up to a day. */
function historyOf(rows: readonly Row[], horizons: readonly number[], observedTo: number): History {
  const sorted = [...rows].sort((a, b) => a.day - b.day || a.entity - b.entity);
  return {
    days: Int32Array.from(sorted, ({ day }) => day),
    entities: Uint32Array.from(sorted, ({ entity }) => entity),
    inStopHalf: Uint8Array.from(sorted, ({ entity }) => entity % 2),
    horizons: horizons.map((days) => ({
      days,
      labels: Float32Array.from(sorted, ({ day, event }) => {
        if (day + days - 1 > observedTo) return Number.NaN;
        return event !== null && event >= day && event < day + days ? 1 : 0;
      }),
    })),
  };
}

/** Eight entities a month; of each half one has the event ten days after the snapshot. */
function monthly(
  months: readonly string[],
  over: (date: string, entity: number) => boolean = () => true,
): Row[] {
  return months.flatMap((date) =>
    Array.from({ length: 8 }, (_, entity) => ({
      day: dayOf(date),
      entity,
      event: entity < 2 && over(date, entity) ? dayOf(date) + 10 : null,
    })),
  );
}

const monthsFrom = (first: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => addMonths(first, index));

const modelOf = (plan: HorizonFold | undefined): PlannedModel => {
  if (plan === undefined || 'reason' in plan) throw new Error(`no model: ${plan?.reason ?? 'no plan'}`);
  return plan;
};

const datesOf = (history: History, rows: Uint32Array): string[] => [
  ...new Set(Array.from(rows, (row) => formatDate(history.days[row] ?? 0))),
];

describe('a fold', () => {
  const history = historyOf(monthly(monthsFrom('2022-01-01', 30)), [30, 90], dayOf('2024-06-30'));
  const calendar = readCalendar(history);

  it('trains before the validation months of the pack, and purges what reaches into the next part', () => {
    const fold = planFold(history, calendar, dayOf('2024-04-01'), 3);
    expect(fold.observedOn).toBe('2024-04-01');
    expect(datesOf(history, fold.rows)).toEqual(['2024-04-01']);
    const [month, quarter] = fold.horizons.map(modelOf);
    // January has 31 days, so that a snapshot of the first of December is known on the first of January.
    expect(month).toMatchObject({
      trainFrom: '2022-01-01',
      trainTo: '2023-12-01',
      validationFrom: '2024-01-01',
    });
    expect(datesOf(history, month?.stop ?? new Uint32Array())).toEqual([
      '2024-01-01',
      '2024-02-01',
      '2024-03-01',
    ]);
    // 90 days from the first of January are over on the thirty-first of March, those from February are not.
    expect(quarter).toMatchObject({ trainTo: '2023-10-01', validationFrom: '2024-01-01' });
    expect(datesOf(history, quarter?.calibrate ?? new Uint32Array())).toEqual(['2024-01-01']);
  });

  it('takes as many more months for validation as the horizon needs', () => {
    const fold = planFold(history, calendar, dayOf('2024-04-01'), 1);
    expect(modelOf(fold.horizons[1])).toMatchObject({ trainTo: '2023-10-01', validationFrom: '2024-01-01' });
    // From February to April there are 89 days, but in a leap year.
    const may = planFold(history, calendar, dayOf('2023-05-01'), 3);
    expect(modelOf(may.horizons[1]).validationFrom).toBe('2023-01-01');
    const leap = planFold(history, calendar, dayOf('2024-05-01'), 3);
    expect(modelOf(leap.horizons[1]).validationFrom).toBe('2024-02-01');
  });

  it('halves validation by entity', () => {
    const { stop, calibrate } = modelOf(planFold(history, calendar, dayOf('2024-04-01'), 3).horizons[0]);
    for (const row of stop) expect((history.entities[row] ?? 0) % 2).toBe(1);
    for (const row of calibrate) expect((history.entities[row] ?? 0) % 2).toBe(0);
  });

  it('says where there is too little history for a horizon', () => {
    const early = planFold(history, calendar, dayOf('2022-03-01'), 3);
    expect(early.horizons[0]).toEqual({ days: 30, reason: 'too little history: 2 months before it' });
    const first = planFold(history, calendar, dayOf('2022-01-01'), 1);
    expect(first.horizons[0]).toEqual({ days: 30, reason: 'too little history: 0 months before it' });
    const purged = planFold(history, calendar, dayOf('2022-04-01'), 1).horizons[1];
    expect(purged).toEqual({ days: 90, reason: 'too little history: 3 months before it' });
  });

  it('says where a part has one outcome only', () => {
    const lopsided = historyOf(
      monthly(monthsFrom('2023-01-01', 10), (date, entity) => date < '2023-06-01' || entity % 2 === 1),
      [30],
      dayOf('2023-10-30'),
    );
    const fold = planFold(lopsided, readCalendar(lopsided), dayOf('2023-10-01'), 3);
    expect(fold.horizons[0]).toEqual({
      days: 30,
      reason: 'too little history: of 12 calibrate rows 0 are positive',
    });
  });

  it('never learns from an outcome after its month, nor trains into validation', () => {
    const row = fc.record({
      day: fc.integer({ min: 19_000, max: 19_500 }),
      entity: fc.integer({ min: 0, max: 30 }),
      event: fc.option(fc.integer({ min: 19_000, max: 19_600 }), { freq: 9 }),
    });
    let models = 0;
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 100, maxLength: 250 }),
        fc.uniqueArray(fc.integer({ min: 5, max: 120 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 19_300, max: 19_600 }),
        (rows, horizons, validationMonths, observedTo) => {
          const past = historyOf(rows, horizons, observedTo);
          const dates = readCalendar(past);
          for (const { day } of dates.months) {
            const fold = planFold(past, dates, day, validationMonths);
            for (const plan of fold.horizons) {
              if ('reason' in plan) continue;
              models += 1;
              const labels = past.horizons.find(({ days }) => days === plan.days)?.labels ?? [];
              const validationFrom = dayOf(plan.validationFrom);
              const end = (index: number): number => (past.days[index] ?? 0) + plan.days;
              const all = [...plan.train, ...plan.stop, ...plan.calibrate];
              const validation = [...plan.stop, ...plan.calibrate];
              expect(plan.train.filter((index) => end(index) > validationFrom)).toHaveLength(0);
              expect(validation.filter((index) => (past.days[index] ?? 0) < validationFrom)).toEqual([]);
              expect(validation.filter((index) => end(index) > day)).toEqual([]);
              expect(all.filter((index) => Number.isNaN(labels[index]))).toEqual([]);
              expect(new Set([...all, ...fold.rows]).size).toBe(all.length + fold.rows.length);
            }
          }
        },
      ),
      { seed: 5, numRuns: 150 },
    );
    expect(models).toBeGreaterThan(100);
  });
});

describe('the calendar', () => {
  it('knows a month for a horizon once its window is over', () => {
    const history = historyOf(monthly(monthsFrom('2024-01-01', 6)), [30, 90], dayOf('2024-05-30'));
    const calendar = readCalendar(history);
    const dates = (horizon: number, count: number): string[] =>
      knownMonths(calendar, horizon, count).map(formatDate);
    expect(dates(0, 2)).toEqual(['2024-04-01', '2024-05-01']);
    expect(dates(1, 9)).toEqual(['2024-01-01', '2024-02-01', '2024-03-01']);
    expect(dates(0, 0)).toEqual([]);
  });

  it('takes the date of a month that has the most rows, whatever strays around it', () => {
    const stray = { day: dayOf('2024-02-01'), entity: 77, event: null };
    const history = historyOf([...monthly(['2024-01-05', '2024-02-05']), stray], [30], dayOf('2024-12-31'));
    expect(knownMonths(readCalendar(history), 0, 5).map(formatDate)).toEqual(['2024-01-05', '2024-02-05']);
  });
});
