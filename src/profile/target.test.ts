import { describe, expect, it } from 'vitest';
import { findColumn, judgeTarget } from './target.ts';

const none = { positive: [], negative: [] };
const values = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts).map(([value, rows]) => ({ value, rows }));

describe('the target', () => {
  it.each([
    ['Churn', { No: 8, Yes: 2 }, ['Yes'], ['No']],
    ['Exited', { '0': 8, '1': 2 }, ['1'], ['0']],
    ['churn', { '0.0': 8, '1.0': 2 }, ['1.0'], ['0.0']],
    ['churn', { 'False.': 8, 'True.': 2 }, ['True.'], ['False.']],
    [
      'Attrition_Flag',
      { 'Existing Customer': 8, 'Attrited Customer': 2 },
      ['Attrited Customer'],
      ['Existing Customer'],
    ],
    ['status', { 'not churned': 8, churned: 2 }, ['churned'], ['not churned']],
    ['label', { '-1': 8, '1': 2 }, ['1'], ['-1']],
    ['Customer Status', { Stayed: 6, Churned: 2, Joined: 1 }, ['Churned'], ['Stayed']],
  ])('of %s with the values %j is read by its words', (column, counts, positive, negative) => {
    expect(judgeTarget(column, values(counts), none)).toMatchObject({
      target: { positive, negative },
      doubts: [],
    });
  });

  it('leaves a third value without a label', () => {
    const { target } = judgeTarget('Status', values({ Stayed: 6, Churned: 2, Joined: 1 }), none);
    expect(target).toMatchObject({ leftOut: ['Joined'], rows: { positive: 2, negative: 6, unknown: 1 } });
  });

  it('takes the rarer of two values that say nothing, and names the flag that changes it', () => {
    const { target, doubts } = judgeTarget('x', values({ A: 8, B: 2 }), none);
    expect(target.positive).toEqual(['B']);
    expect(doubts).toMatchObject([{ flag: '--positive A' }]);
  });

  it('turns a column round that is named after those who stay', () => {
    const { target, doubts } = judgeTarget('retained', values({ '1': 8, '0': 2 }), none);
    expect(target).toMatchObject({ positive: ['0'], negative: ['1'] });
    expect(doubts).toHaveLength(1);
  });

  it('does as it is told', () => {
    const counts = values({ A: 5, B: 4, C: 3 });
    expect(judgeTarget('x', counts, { positive: ['B'], negative: [] }).target).toMatchObject({
      positive: ['B'],
      negative: ['A', 'C'],
    });
    expect(judgeTarget('x', counts, { positive: ['B'], negative: ['A'] }).target).toMatchObject({
      leftOut: ['C'],
    });
    expect(() => judgeTarget('x', counts, { positive: ['D'], negative: [] })).toThrow(/has no value "D"/);
  });

  it.each([
    ['one value', { No: 5 }, 'HF505'],
    [
      'forty values',
      Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`v${String(index)}`, 1])),
      'HF207',
    ],
    ['three values that say nothing', { A: 1, B: 2, C: 3 }, 'HF207'],
  ])('is refused with %s', (_, counts, code) => {
    expect(() => judgeTarget('x', values(counts as Record<string, number>), none)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('is asked for by a list of likely columns, and found in any spelling', () => {
    const names = ['id', 'Churn Label', 'age'];
    expect(() => findColumn(undefined, names, '--target')).toThrow(
      expect.objectContaining({
        code: 'HF101',
        hint: expect.stringContaining('--target "Churn Label"') as string,
      }),
    );
    expect(findColumn('churn_label', names, '--target')).toBe('Churn Label');
    expect(() => findColumn('Churn Labl', names, '--target')).toThrow(
      expect.objectContaining({ code: 'HF203' }),
    );
  });
});
