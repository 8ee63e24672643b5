/** Hand-made histories at the borders of labels, of being at risk and of splits. Dates are worked out by hand. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Row, textOf } from '../../src/engine/index.ts';
import { cease, landBroadband, snapshot } from '../support/broadband.ts';
import { type InlineRow, openWorkspace, type TestWorkspace } from '../support/workspace.ts';

/** A history: where the customer is observed and which ceases were placed and completed. */
interface History {
  readonly observedOn: string;
  readonly ceases?: readonly (readonly [placed: string, completed?: string])[];
  /** Labels for 30, 60 and 90 days. */
  readonly labels?: readonly (0 | 1 | null)[];
  readonly atRisk?: 0 | 1;
  /** Split or, after a dash, the reason for being left out, for 30, 60 and 90 days. V stands for a half of validation. */
  readonly splits?: readonly string[];
}

/** Labels are known where T+h-1 is on or before this day. */
const OBSERVED_TO = '2024-09-29';

const HISTORIES: Readonly<Record<string, History>> = {
  'no cease at all': { observedOn: '2024-02-01', labels: [0, 0, 0], atRisk: 1 },
  // 2024-02-01 + 30, 60 and 90 days are 2024-03-02, 2024-04-01 and 2024-05-01, as February has 29 days.
  'cease on T': { observedOn: '2024-02-01', ceases: [['2024-02-01']], labels: [1, 1, 1], atRisk: 1 },
  'cease on T-1': { observedOn: '2024-02-01', ceases: [['2024-01-31']], labels: [0, 0, 0], atRisk: 0 },
  'cease on T+29': { observedOn: '2024-02-01', ceases: [['2024-03-01']], labels: [1, 1, 1], atRisk: 1 },
  'cease on T+30': { observedOn: '2024-02-01', ceases: [['2024-03-02']], labels: [0, 1, 1], atRisk: 1 },
  'cease on T+59': { observedOn: '2024-02-01', ceases: [['2024-03-31']], labels: [0, 1, 1], atRisk: 1 },
  'cease on T+60': { observedOn: '2024-02-01', ceases: [['2024-04-01']], labels: [0, 0, 1], atRisk: 1 },
  'cease on T+89': { observedOn: '2024-02-01', ceases: [['2024-04-30']], labels: [0, 0, 1], atRisk: 1 },
  'cease on T+90': { observedOn: '2024-02-01', ceases: [['2024-05-01']], labels: [0, 0, 0], atRisk: 1 },
  'cease on T+29 without a leap day': {
    observedOn: '2023-02-01',
    ceases: [['2023-03-02']],
    labels: [1, 1, 1],
    atRisk: 1,
  },
  'cease on T+30 without a leap day': {
    observedOn: '2023-02-01',
    ceases: [['2023-03-03']],
    labels: [0, 1, 1],
    atRisk: 1,
  },
  'observed and ceased on a leap day': {
    observedOn: '2024-02-29',
    ceases: [['2024-02-29']],
    labels: [1, 1, 1],
    atRisk: 1,
  },
  'an earlier cease and one in the window': {
    observedOn: '2024-02-01',
    ceases: [
      ['2023-06-01', '2023-06-20'],
      ['2024-03-02', '2024-03-20'],
    ],
    labels: [0, 1, 1],
    atRisk: 1,
  },

  // 60 days before 2024-03-01 is 2024-01-01.
  'pending since T-1': { observedOn: '2024-03-01', ceases: [['2024-02-29']], atRisk: 0 },
  'pending since T-59': { observedOn: '2024-03-01', ceases: [['2024-01-02']], atRisk: 0 },
  'pending since T-60': { observedOn: '2024-03-01', ceases: [['2024-01-01']], atRisk: 0 },
  'pending since T-61': { observedOn: '2024-03-01', ceases: [['2023-12-31']], atRisk: 1 },
  'completed on T-1': { observedOn: '2024-03-01', ceases: [['2024-02-10', '2024-02-29']], atRisk: 1 },
  'completed on T': { observedOn: '2024-03-01', ceases: [['2024-02-10', '2024-03-01']], atRisk: 0 },
  'completed on T+1': { observedOn: '2024-03-01', ceases: [['2024-02-10', '2024-03-02']], atRisk: 0 },
  'placed on T-60 and completed after T': {
    observedOn: '2024-03-01',
    ceases: [['2024-01-01', '2024-03-05']],
    atRisk: 0,
  },
  'placed on T-61 and completed after T': {
    observedOn: '2024-03-01',
    ceases: [['2023-12-31', '2024-03-05']],
    atRisk: 1,
  },
  'one completed before T and one pending': {
    observedOn: '2024-03-01',
    ceases: [['2024-02-01', '2024-02-10'], ['2024-02-20']],
    atRisk: 0,
  },

  'window of 60 days ends on the last complete day': {
    observedOn: '2024-08-01',
    labels: [0, 0, null],
    splits: ['test', 'test', '-unknown_label'],
  },
  'window of 60 days ends a day after the last complete one': {
    observedOn: '2024-08-02',
    labels: [0, null, null],
  },
  'window of 30 days ends on the last complete day': { observedOn: '2024-08-31', labels: [0, null, null] },
  'cease seen in a window that is not complete': {
    observedOn: '2024-09-01',
    ceases: [['2024-09-02']],
    labels: [null, null, null],
    splits: ['-unknown_label', '-unknown_label', '-unknown_label'],
  },
  'open cease and a window that is not complete': {
    observedOn: '2024-09-01',
    ceases: [['2024-08-31']],
    splits: ['-open_event', '-open_event', '-open_event'],
  },

  // 90, 60 and 30 days before 2024-04-01 are 2024-01-02, 2024-02-01 and 2024-03-02.
  'last training day for 90 days': { observedOn: '2024-01-02', splits: ['train', 'train', 'train'] },
  'first day purged for 90 days': { observedOn: '2024-01-03', splits: ['train', 'train', '-purged'] },
  'last training day for 60 days': { observedOn: '2024-02-01', splits: ['train', 'train', '-purged'] },
  'first day purged for 60 days': { observedOn: '2024-02-02', splits: ['train', '-purged', '-purged'] },
  'last training day for 30 days': { observedOn: '2024-03-02', splits: ['train', '-purged', '-purged'] },
  'first day purged for 30 days': { observedOn: '2024-03-03', splits: ['-purged', '-purged', '-purged'] },
  'last day before validation': { observedOn: '2024-03-31', splits: ['-purged', '-purged', '-purged'] },
  'first day of validation': { observedOn: '2024-04-01', splits: ['V', 'V', 'V'] },
  // 90, 60 and 30 days before 2024-07-01 are 2024-04-02, 2024-05-02 and 2024-06-01.
  'last validation day for 90 days': { observedOn: '2024-04-02', splits: ['V', 'V', 'V'] },
  'first validation day purged for 90 days': { observedOn: '2024-04-03', splits: ['V', 'V', '-purged'] },
  'last validation day for 60 days': { observedOn: '2024-05-02', splits: ['V', 'V', '-purged'] },
  'first validation day purged for 60 days': {
    observedOn: '2024-05-03',
    splits: ['V', '-purged', '-purged'],
  },
  'last validation day for 30 days': { observedOn: '2024-06-01', splits: ['V', '-purged', '-purged'] },
  'first validation day purged for 30 days': {
    observedOn: '2024-06-02',
    splits: ['-purged', '-purged', '-purged'],
  },
  'last day before test': { observedOn: '2024-06-30', splits: ['-purged', '-purged', '-purged'] },
  'first day of test': {
    observedOn: '2024-07-01',
    labels: [0, 0, 0],
    splits: ['test', 'test', 'test'],
  },
  'open cease in training': {
    observedOn: '2023-06-01',
    ceases: [['2023-05-20']],
    splits: ['-open_event', '-open_event', '-open_event'],
  },
};

const HORIZONS = ['30d', '60d', '90d'];

describe('a customer observed on T', () => {
  let workspace: TestWorkspace;
  const rows = new Map<string, Row>();

  beforeAll(async () => {
    workspace = await openWorkspace({ settings: { 'time.observed_to': OBSERVED_TO } });
    const snapshots: InlineRow[] = [];
    const ceases: InlineRow[] = [];
    for (const [name, history] of Object.entries(HISTORIES)) {
      snapshots.push(snapshot(name, history.observedOn));
      for (const [placed, completed] of history.ceases ?? []) ceases.push(cease(name, placed, completed));
    }
    await landBroadband(workspace, { snapshots, ceases });
    await workspace.run({ to: 'build' });
    for (const row of await workspace.rows('SELECT * FROM gold.churn_training_set'))
      rows.set(textOf(row['unique_customer_identifier']), row);
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  test('is one row of the training set, whatever the history', () => {
    expect([...rows.keys()].sort()).toEqual(Object.keys(HISTORIES).sort());
  });

  const wanted = Object.entries(HISTORIES);
  test.each(wanted.filter(([, { labels }]) => labels !== undefined))(
    'has its labels: %s',
    (name, history) => {
      const row = rows.get(name);
      expect(HORIZONS.map((horizon) => row?.[`churned_in_${horizon}`])).toEqual(history.labels);
    },
  );

  test.each(wanted.filter(([, { atRisk }]) => atRisk !== undefined))(
    'is at risk or not: %s',
    (name, history) => {
      expect(rows.get(name)?.['at_risk']).toBe(history.atRisk);
      for (const horizon of HORIZONS) {
        const open = rows.get(name)?.[`left_out_${horizon}`] === 'open_event';
        expect(open).toBe(history.atRisk === 0);
      }
    },
  );

  test.each(wanted.filter(([, { splits }]) => splits !== undefined))(
    'is in its split: %s',
    (name, history) => {
      const row = rows.get(name);
      const found = HORIZONS.map((horizon) => {
        const [split, reason] = [row?.[`split_${horizon}`], row?.[`left_out_${horizon}`]];
        expect(split === null).toBe(reason !== null);
        return split === null
          ? `-${textOf(reason)}`
          : split === 'stop' || split === 'calibrate'
            ? 'V'
            : split;
      });
      expect(found).toEqual(history.splits);
    },
  );
});
