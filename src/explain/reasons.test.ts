import { describe, expect, it } from 'vitest';
import type { FeatureEncoding } from '../model/index.ts';
import type { Feature } from '../pack/index.ts';
import { reasonMaker } from './index.ts';

const numeric = (parts: Partial<Feature>): Feature => ({
  type: 'numeric',
  nullable: true,
  source: 'snapshot',
  window: 'snapshot',
  label: 'x',
  missing: [],
  ...parts,
});

const features: Record<string, Feature> = {
  days_out: numeric({
    group: 'contract',
    missing: [-9999],
    reason: [
      { from: 1, say: 'Out of contract for {value|day|days}' },
      { below: 0, say: 'The contract ends in {size|day|days}' },
    ],
  }),
  stage: numeric({ group: 'contract', reason: 'In stage {value}' }),
  calls: numeric({ reason: [{ from: 1, say: 'Called {times}' }] }),
  change: numeric({ reason: [{ below: 0, say: 'Used {percent} % less' }] }),
  silent: numeric({}),
  channel: { ...numeric({ reason: 'Won through {value}' }), type: 'categorical' },
};
const encoding: FeatureEncoding = {
  contractHash: '',
  features: Object.entries(features).map(([name, { type }]) => ({
    name,
    type,
    categories: type === 'categorical' ? ['<shop>', 'web'] : [],
  })),
};
const pack = { features, playbook: { tiers: {}, drivers: { calls: 'Call back' } } };
const texts = (contributions: number[], values: number[]): string[] =>
  reasonMaker(pack, encoding)(contributions, values).map(({ text }) => text);

describe('reasons', () => {
  it('are the groups that push up, strongest first, at most three', () => {
    expect(texts([0.5, 0.4, 0.6, 0.3, 2, 0.2], [215, 6, 2, -0.154, 1, 1])).toEqual([
      'Out of contract for 215 days',
      'Called twice',
      'Used 15 % less',
    ]);
  });

  it('are never of a flag of outliers, which weighs with its feature and leaves the words to it', () => {
    const flagged: FeatureEncoding = {
      ...encoding,
      features: [
        ...encoding.features,
        { name: 'calls_outlier', type: 'numeric', categories: [], outlierOf: 'calls' },
      ],
    };
    const of = (calls: number): unknown =>
      reasonMaker(pack, flagged)([0, 0, 0.1, 0, 0, 0, 0.9], [0, 0, calls, 0, 0, 0, 1]);
    expect(of(3)).toMatchObject([
      { text: 'Called 3 times', feature: 'calls', features: ['calls_outlier', 'calls'], contribution: 1 },
    ]);
    // A number of calls that is not known, whatever the model saw in its place, is no reason.
    expect(of(Number.NaN)).toEqual([]);
  });

  it('report correlated features as one, spoken by the strongest that pushes up', () => {
    const [first] = reasonMaker(pack, encoding)([-0.1, 0.7, 0, 0, 0, 0], [-12, 3, 0, 0, 0, 0]);
    expect(first).toEqual({
      text: 'In stage 3',
      feature: 'stage',
      features: ['stage'],
      contribution: expect.closeTo(0.6, 12) as number,
      intervention: null,
    });
  });

  it('leave out a group that pushes down as a whole, though a member pushes up', () => {
    expect(texts([0.3, -0.5, 0.1, 0, 0, 0], [215, 6, 1, 0, 0, 0])).toEqual(['Called once']);
  });

  it('never name a missing value, in whatever way it is missing', () => {
    expect(texts([0.9, 0, NaN, 0.8, 0, 0.5], [-9999, 6, 0, NaN, 0, NaN])).toEqual([]);
    expect(texts([0, 0, 0, 0, 0, 0.5], [1, 6, 0, 0, 0, 7])).toEqual([]);
  });

  it('never say a sentence of a value that it is not true of', () => {
    expect(texts([0, 0, 0.9, 0.5, 0.4, 0], [1, 1, 0, 0.2, 1, 0])).toEqual([]);
    expect(texts([0.9, 0, 0, 0, 0, 0], [-40, 1, 0, 0, 0, 0])).toEqual(['The contract ends in 40 days']);
    expect(texts([0.9, 0, 0, 0, 0, 0], [-1, 1, 0, 0, 0, 0])).toEqual(['The contract ends in 1 day']);
    expect(texts([0.9, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0])).toEqual(['Out of contract for 1 day']);
  });

  it('leave out what weighs less than a tenth of the strongest', () => {
    expect(texts([0, 0, 1, 0, 0, 0.09], [1, 1, 1_234, 0, 0, 0])).toEqual(['Called 1,234 times']);
    expect(texts([0, 0, 1, 0, 0, 0.11], [1, 1, 3, 0, 0, 0])).toEqual([
      'Called 3 times',
      'Won through <shop>',
    ]);
  });

  it('bring the intervention of the feature that speaks', () => {
    const [first] = reasonMaker(pack, encoding)([0, 0, 1, 0, 0, 0], [1, 1, 1, 0, 0, 0]);
    expect(first?.intervention).toBe('Call back');
  });

  it('are as many as asked for', () => {
    expect(reasonMaker(pack, encoding, 1)([1, 0, 1.1, 0, 0, 0], [5, 1, 1, 0, 0, 0])).toHaveLength(1);
  });
});
