import { describe, expect, test } from 'vitest';
import { bootstrapBinary, type ComparisonTerms, uniformNumbers } from '../domain/index.ts';
import { compareModels, type ComparisonRequest } from './comparison.ts';

const ROWS = 3000;
const TERMS: ComparisonTerms = {
  metric: 'auc_pr',
  rule: 'better',
  margin: 0,
  confidence: 0.95,
  segmentMargin: 0.05,
};

/** Two rows an entity; the champion is noisier, but for rows of one region, where the challenger knows nothing. */
function request(
  noise: number,
  { terms = {}, blindRegion = -1, rows: count = ROWS } = {},
): ComparisonRequest {
  const uniform = uniformNumbers(3);
  const rows = Array.from({ length: count }, (_, row) => {
    const score = 6 * uniform() - 4.5;
    const label = uniform() < 1 / (1 + Math.exp(-score)) ? 1 : 0;
    const [other, blind] = [score + noise * (uniform() - 0.5), 6 * uniform() - 4.5];
    return { entity: row >> 1, label, other, score: row % 3 === blindRegion ? blind : score };
  });
  const model = (scores: readonly number[], threshold: number) => ({
    rawScores: Float64Array.from(scores),
    probabilities: Float64Array.from(scores, (score) => 1 / (1 + Math.exp(-score))),
    threshold,
  });
  return {
    rows: {
      labels: Uint8Array.from(rows, ({ label }) => label),
      entities: Uint32Array.from(rows, ({ entity }) => entity),
    },
    challenger: model(
      rows.map(({ score }) => score),
      0.3,
    ),
    champion: model(
      rows.map(({ other }) => other),
      0.5,
    ),
    segments: [
      { segment: 'region', valueOf: (row) => `region ${String(row % 3)}` },
      { segment: 'shop', valueOf: (row) => (row < 20 ? 'small' : `shop ${String(row % 25)}`) },
    ],
    terms: { ...TERMS, ...terms },
    resamples: 300,
    options: { seed: 4 },
    least: { rows: 200, positives: 10 },
  };
}

function compared(asked: ComparisonRequest) {
  const comparison = compareModels(asked);
  if ('reason' in comparison) throw new Error(comparison.reason);
  return comparison;
}

describe('a comparison of two models', () => {
  test('gives the metric of each on the same rows, their difference and the share of resamples that are better', () => {
    const asked = request(4);
    const { whole, terms } = compared(asked);
    const of = ({ threshold: _, ...scores }: ComparisonRequest['challenger']) =>
      bootstrapBinary({ ...asked.rows, ...scores }, { resamples: 2 }).metrics['auc_pr']?.value as number;
    expect(whole).toMatchObject({
      rows: ROWS,
      challenger: of(asked.challenger),
      champion: of(asked.champion),
    });
    expect(whole.difference.value).toBeCloseTo(of(asked.challenger) - of(asked.champion), 12);
    expect(whole.difference.lower).toBeGreaterThan(0);
    expect(whole.share).toBe(1);
    expect(terms.metric).toBe('auc_pr');
  });

  test('counts a tie as not worse, and not as better', () => {
    const asked = request(0);
    const same = { ...asked, champion: asked.challenger };
    expect(compared(same).whole).toMatchObject({ share: 0, difference: { value: 0, lower: 0, upper: 0 } });
    expect(compared({ ...same, terms: { ...TERMS, rule: 'not_worse' } }).whole.share).toBe(1);
  });

  test('takes the confidence as one-sided: the lower end is above 0 where that share of resamples is', () => {
    for (const confidence of [0.6, 0.95, 0.99]) {
      const { whole } = compared(request(0.6, { terms: { confidence } }));
      expect((whole.difference.lower as number) > 0).toBe((whole.share as number) > confidence);
    }
  });

  test('is above 0 for a challenger with the lower loss', () => {
    const { whole } = compared(request(4, { terms: { metric: 'log_loss' } }));
    expect(whole.challenger as number).toBeLessThan(whole.champion as number);
    expect(whole.difference.value).toBeGreaterThan(0);
    expect(whole.share).toBe(1);
  });

  test('finds the value of a segment in which the champion is ahead, whatever the whole says', () => {
    const { whole, segments } = compared(request(6, { blindRegion: 1 }));
    expect(whole.rows).toBe(ROWS);
    const regions = segments.filter(({ segment }) => segment === 'region');
    expect(regions.map(({ value, rows }) => [value, rows])).toEqual([
      ['region 0', 1000],
      ['region 1', 1000],
      ['region 2', 1000],
    ]);
    expect(regions.map(({ shareBehind }) => (shareBehind as number) > 0.95)).toEqual([false, true, false]);
    expect(regions[1]?.difference.upper).toBeLessThan(-0.05);
    expect(regions[0]?.difference.value).toBeGreaterThan(0);
  });

  test('loses no row of a segment: the rarest values are one part, and parts that are too small say so', () => {
    const { segments } = compared(request(1));
    const shops = segments.filter(({ segment }) => segment === 'shop');
    expect(shops).toHaveLength(21);
    expect(shops.at(-1)).toMatchObject({ value: 'other (6 values)', values: 6 });
    expect(shops.reduce((sum, { rows }) => sum + rows, 0)).toBe(ROWS);
    expect(shops[0]).toMatchObject({
      difference: { value: null, reason: 'fewer than 200 rows or 10 positives' },
      shareBehind: null,
    });
    expect(shops.at(-1)?.difference.value).not.toBeNull();
  });

  test('has a reason without rows', () => {
    expect(compareModels(request(1, { rows: 0 }))).toEqual({ reason: 'not yet known' });
  });
});
