import { expect, test } from 'vitest';
import type { DataHealth } from '../../src/desk/contract.ts';
import { ageText, answerOf, findings, points } from '../../web/src/pages/data/fitness.ts';

const TODAY = Date.parse('2024-12-10T08:00:00Z');
const FIT: DataHealth = {
  as_of: '2024-12-01',
  observed_to: '2024-12-05',
  sources: [],
  tables: [],
  expectations: [rule('PASS')],
  features: [{ name: 'hours', label: 'Hours', missing: 0.01, missing_in_training: 0.02 }],
  snapshot_rows: 10,
  quarantined_rows: 0,
};

function rule(status: 'PASS' | 'WARN' | 'FAIL'): DataHealth['expectations'][number] {
  return {
    table: 'silver.people',
    expectation: 'hours_are_known',
    description: '',
    action: 'warn',
    status,
    failed_rows: status === 'PASS' ? 0 : 3,
    total_rows: 10,
    checked_at: '2024-12-05T00:00:00Z',
  };
}
const answer = (health: DataHealth) => answerOf(findings(health, TODAY));

test('data that are fresh, keep the rules and have their values are fit', () => {
  expect(answer(FIT)).toMatchObject({ state: 'fine' });
});

test.each<[string, Partial<DataHealth>, string, string]>([
  ['old', { as_of: '2024-09-01', observed_to: '2024-09-05' }, 'watch', '3 months ago'],
  ['not built into features', { as_of: '2024-10-01' }, 'watch', '65 days behind'],
  ['against a rule', { expectations: [rule('FAIL'), rule('PASS')] }, 'bad', '1 of 2 rules failed'],
  ['warned of', { expectations: [rule('WARN')] }, 'watch', '1 of 1 rules warned'],
  ['not there', { observed_to: null }, 'bad', 'no data were delivered'],
  [
    'missing more often than in training',
    { features: [{ name: 'hours', label: 'Hours', missing: 0.3, missing_in_training: 0.1 }] },
    'watch',
    'hours is missing more often than in training (+20.0 points)',
  ],
])('data that are %s are said to be so first', (_, parts, state, words) => {
  const said = answer({ ...FIT, ...parts });
  expect(said.state).toBe(state);
  expect(said.answer).toContain(words);
});

test('values that are there more often than in training do no harm', () => {
  const features = [{ name: 'hours', label: 'Hours', missing: 0, missing_in_training: 0.4 }];
  expect(answer({ ...FIT, features })).toMatchObject({ state: 'fine' });
});

test('ages and differences are told in words', () => {
  expect([0, 1, 9, 30, 200, 720].map(ageText)).toEqual([
    'today',
    'a day ago',
    '9 days ago',
    '4 weeks ago',
    '7 months ago',
    '2 years ago',
  ]);
  expect([0.1, -0.051, 0.0001, null].map(points)).toEqual([
    '+10.0 points',
    '−5.1 points',
    '±0.0 points',
    '—',
  ]);
});
