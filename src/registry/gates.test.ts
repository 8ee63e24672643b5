import { describe, expect, test } from 'vitest';
import type { HorizonComparison } from '../domain/index.ts';
import type { SplitMetrics } from '../model/index.ts';
import { comparisonTerms, type GateEvidence, type HorizonEvidence, smokeEvidence } from './gate-evidence.ts';
import {
  type GateRules,
  type GateVerdict,
  judge,
  judgeChampion,
  passedProduction,
  passedStaging,
} from './gates.ts';

const RULES: GateRules = {
  gates: [
    { metric: 'auc_roc', at_least: 0.75 },
    { metric: 'calibration_slope', at_least: 0.8, at_most: 1.25 },
  ],
  promotion: {
    metric: 'auc_pr',
    rule: 'better',
    margin: 0,
    confidence: 0.95,
    resamples: 1000,
    segment_margin: 0.05,
    single_row_ms: 50,
    approval: 'none',
  },
};
const NOT_WORSE: GateRules = {
  ...RULES,
  promotion: { ...RULES.promotion, rule: 'not_worse', margin: 0.01 },
};

function measured(values: Readonly<Record<string, number | null>>): SplitMetrics {
  return {
    rows: 1200,
    positives: 90,
    baseRate: 0.075,
    decision: null,
    bootstrap: { entities: 400, resamples: 1000, seed: 1, level: 0.95 },
    metrics: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        { value, lower: value, upper: value, ...(value === null ? { reason: 'every row is positive' } : {}) },
      ]),
    ),
  };
}

interface Drawn {
  readonly value?: number;
  readonly share?: number | null;
  readonly segments?: HorizonComparison['segments'];
}

const comparison = (
  { value = 0.02, share = 0.99, segments = [] }: Drawn,
  rules: GateRules = RULES,
): HorizonComparison => ({
  terms: comparisonTerms(rules.promotion),
  whole: {
    rows: 1200,
    positives: 90,
    challenger: 0.5 + value,
    champion: 0.5,
    share,
    difference: { value, lower: value - 0.01, upper: value + 0.01 },
  },
  segments,
});

function horizon(over: Partial<HorizonEvidence> = {}): HorizonEvidence {
  return {
    horizonDays: 30,
    test: measured({ auc_roc: 0.9, calibration_slope: 1 }),
    isUnchanged: false,
    championTest: measured({ auc_roc: 0.88, calibration_slope: 1 }),
    comparison: comparison({}),
    skew: { rows: 10, largestDifference: 0 },
    rowsLeftOut: 0,
    ...over,
  };
}

function evidence(horizons: readonly HorizonEvidence[], over: Partial<GateEvidence> = {}): GateEvidence {
  return {
    hasChampion: true,
    championUnusable: null,
    horizons,
    smoke: { rows: 10, notFinite: 0, outside: 0, incoherent: 0 },
    singleRowMs: 2,
    ...over,
  };
}

/** Gates that are not passed, as `<gate> <days>`. */
const missed = (verdicts: readonly GateVerdict[]): string[] =>
  verdicts.filter(({ passed }) => !passed).map(({ gate, horizonDays }) => `${gate} ${String(horizonDays)}`);

describe('the gates of staging', () => {
  test('hold every horizon against every threshold, with value, limit and verdict', () => {
    const verdicts = judge(evidence([horizon()]), RULES);
    expect(verdicts.filter(({ gate }) => gate === 'threshold')).toEqual([
      {
        stage: 'staging',
        gate: 'threshold',
        horizonDays: 30,
        metric: 'auc_roc',
        value: 0.9,
        limit: 0.75,
        compare: 'at_least',
        passed: true,
      },
      {
        stage: 'staging',
        gate: 'threshold',
        horizonDays: 30,
        metric: 'calibration_slope',
        value: 1,
        limit: 0.8,
        compare: 'at_least',
        passed: true,
      },
      {
        stage: 'staging',
        gate: 'threshold',
        horizonDays: 30,
        metric: 'calibration_slope',
        value: 1,
        limit: 1.25,
        compare: 'at_most',
        passed: true,
      },
    ]);
    expect(passedStaging(verdicts)).toBe(true);
    expect(passedProduction(verdicts)).toBe(true);
  });

  test('take a value on the limit, and none beside it, of an unchanged model too', () => {
    const at = (aucRoc: number, slope: number) =>
      missed(
        judge(
          evidence([
            horizon({ isUnchanged: true, test: measured({ auc_roc: aucRoc, calibration_slope: slope }) }),
          ]),
          RULES,
        ),
      );
    expect(at(0.75, 1.25)).toEqual([]);
    expect(at(0.7499, 1.2501)).toEqual(['threshold 30', 'threshold 30']);
  });

  test('are not passed by a horizon whose test is not yet known, unless the pack asks for nothing', () => {
    const unknown = horizon({ horizonDays: 90, test: { reason: 'not yet known' } });
    const asked = evidence([horizon(), unknown], { hasChampion: false });
    expect(missed(judge(asked, { ...RULES, gates: [] }))).toEqual([]);
    const verdicts = judge(asked, RULES);
    expect(missed(verdicts)).toContain('test_rows 90');
    expect(verdicts.find(({ passed }) => !passed)).toMatchObject({
      value: 0,
      limit: 1,
      reason: 'test: not yet known',
    });
    expect(passedStaging(verdicts)).toBe(false);
    expect(passedProduction(verdicts)).toBe(false);
  });

  test('are not passed by a metric without a value, and say why there is none', () => {
    const verdicts = judge(
      evidence([horizon({ test: measured({ auc_roc: null, calibration_slope: 1 }) })]),
      RULES,
    );
    expect(verdicts.find(({ passed }) => !passed)).toMatchObject({
      metric: 'auc_roc',
      value: null,
      reason: 'every row is positive',
    });
    const other = judge(evidence([horizon({ test: measured({}) })]), RULES);
    expect(other.find(({ passed }) => !passed)).toMatchObject({ reason: 'the metric was not measured' });
  });

  test('ask for the scores of training, for sound probabilities and for speed, and for each to be measured', () => {
    const gatesMissed = (
      over: Partial<GateEvidence>,
      skew = { rows: 10, largestDifference: 0 as number | null },
    ) => missed(judge(evidence([horizon({ skew })], over), RULES));
    expect(gatesMissed({})).toEqual([]);
    expect(gatesMissed({}, { rows: 10, largestDifference: 1e-17 })).toEqual(['skew 30']);
    expect(gatesMissed({}, { rows: 10, largestDifference: null })).toEqual(['skew 30']);
    expect(gatesMissed({}, { rows: 0, largestDifference: 0 })).toEqual(['skew 30']);
    expect(gatesMissed({ smoke: { rows: 10, notFinite: 0, outside: 0, incoherent: 1 } })).toEqual([
      'smoke null',
    ]);
    expect(gatesMissed({ smoke: { rows: 0, notFinite: 0, outside: 0, incoherent: 0 } })).toEqual([
      'smoke null',
    ]);
    expect(gatesMissed({ singleRowMs: 50 })).toEqual([]);
    expect(gatesMissed({ singleRowMs: 50.1 })).toEqual(['single_row_time null']);
    expect(gatesMissed({ singleRowMs: null })).toEqual(['single_row_time null']);
  });
});

describe('the gates of production', () => {
  test('say of a first set that there is no champion yet, and ask for staging all the same', () => {
    const first = horizon({ championTest: null, comparison: null });
    const verdicts = judge(evidence([first], { hasChampion: false }), RULES);
    expect(verdicts.filter(({ stage }) => stage === 'production')).toEqual([
      {
        stage: 'production',
        gate: 'no_champion',
        horizonDays: null,
        value: null,
        limit: null,
        compare: 'at_least',
        passed: true,
        reason: 'no champion yet',
      },
    ]);
    expect(passedProduction(verdicts)).toBe(true);
    const slow = judge(evidence([first], { hasChampion: false, singleRowMs: 80 }), RULES);
    expect(passedProduction(slow)).toBe(false);
  });

  test('want every horizon whose model changed to win, and let unchanged and new ones pass', () => {
    const same = horizon({ horizonDays: 60, isUnchanged: true, comparison: null });
    const added = horizon({ horizonDays: 90, championTest: null, comparison: null });
    const won = judge(evidence([horizon(), same, added]), RULES);
    expect(passedProduction(won)).toBe(true);
    expect(won.filter(({ gate }) => gate === 'better').map(({ reason }) => reason)).toEqual([
      'challenger 0.5200, champion 0.5000',
      'unchanged: the model of the champion',
      'the champion has no model of this horizon',
    ]);
    const lost = horizon({ horizonDays: 60, comparison: comparison({ value: -0.001, share: 0.4 }) });
    expect(missed(judge(evidence([horizon(), lost]), RULES))).toEqual(['better 60', 'confidence 60']);
  });

  test('want more than a tie by the rule better, and a tie or a little less by the rule not_worse', () => {
    const by = (rules: GateRules, value: number, share: number) =>
      missed(judge(evidence([horizon({ comparison: comparison({ value, share }, rules) })]), rules));
    expect(by(RULES, 0, 0)).toEqual(['better 30', 'confidence 30']);
    expect(by(RULES, 0.001, 0.9499)).toEqual(['confidence 30']);
    expect(by(RULES, 0.001, 0.95)).toEqual([]);
    expect(by(NOT_WORSE, 0, 1)).toEqual([]);
    expect(by(NOT_WORSE, -0.01, 0.95)).toEqual([]);
    expect(by(NOT_WORSE, -0.0101, 0.95)).toEqual(['not_worse 30']);
  });

  test('do not pass what was not compared, has no interval, or was compared by other terms', () => {
    const by = (compared: HorizonEvidence['comparison']) =>
      judge(evidence([horizon({ comparison: compared })]), RULES).filter(({ passed }) => !passed);
    expect(by(null)).toMatchObject([
      { gate: 'better', value: null, reason: 'not compared with the champion' },
    ]);
    expect(by({ reason: 'not yet known' })).toMatchObject([{ reason: 'test: not yet known' }]);
    expect(by(comparison({}, NOT_WORSE))[0]?.reason).toMatch(/other terms/);
    expect(by(comparison({ share: null }))).toMatchObject([{ gate: 'confidence', value: null }]);
  });

  test('refuse a segment that is worse with confidence, and only then', () => {
    const part = (
      value: string,
      difference: HorizonComparison['whole']['difference'],
      shareBehind: number | null,
    ) => ({
      segment: 'region',
      value,
      rows: 300,
      positives: 20,
      difference,
      shareBehind,
    });
    const segments = [
      part('north', { value: -0.2, lower: -0.3, upper: -0.06 }, 0.97),
      part('south', { value: -0.2, lower: -0.5, upper: -0.05 }, 0.9),
      part(
        'west',
        { value: null, lower: null, upper: null, reason: 'fewer than 200 rows or 10 positives' },
        null,
      ),
    ];
    const verdicts = judge(evidence([horizon({ comparison: comparison({ segments }) })]), RULES).filter(
      ({ gate }) => gate === 'segment',
    );
    expect(
      verdicts.map(({ segment, value, limit, passed }) => [segment?.value, value, limit, passed]),
    ).toEqual([
      ['north', -0.06, -0.05, false],
      ['south', -0.05, -0.05, true],
      ['west', null, -0.05, true],
    ]);
    expect(verdicts[0]?.reason).toBe(
      'with 95 % confidence no better than this; difference -0.2000 on 300 rows, behind by more than the margin in 97 % of the resamples',
    );
    expect(verdicts[2]?.reason).toBe('not judged: fewer than 200 rows or 10 positives');
  });
});

test('a champion that fails the gates of today is said by the same thresholds', () => {
  const old = horizon({ championTest: measured({ auc_roc: 0.7, calibration_slope: 1 }) });
  const added = horizon({ horizonDays: 90, championTest: null });
  const verdicts = judgeChampion(evidence([old, added]), RULES);
  expect(verdicts.map(({ gate, metric, passed }) => [gate, metric, passed])).toEqual([
    ['test_rows', undefined, true],
    ['threshold', 'auc_roc', false],
    ['threshold', 'calibration_slope', true],
    ['threshold', 'calibration_slope', true],
  ]);
});

test('evidence and verdicts come back from JSON as they were', () => {
  const all = evidence([horizon()]);
  const verdicts = judge(all, RULES);
  expect(JSON.parse(JSON.stringify(all))).toEqual(all);
  expect(judge(JSON.parse(JSON.stringify(all)) as GateEvidence, RULES)).toEqual(verdicts);
});

test('a few rows are counted once each by what is wrong with them', () => {
  const columns = [
    [0, 0.2, NaN, 0.5, -0.1, 0.3],
    [0, 0.2, 0.5, 0.4, 0.5, 0.3],
    [1, 0.3, 0.5, 0.6, 0.6, Infinity],
  ].map((column) => Float64Array.from(column));
  expect(smokeEvidence(columns)).toEqual({ rows: 6, notFinite: 2, outside: 1, incoherent: 1 });
  expect(smokeEvidence([])).toEqual({ rows: 0, notFinite: 0, outside: 0, incoherent: 0 });
});

test('a champion that cannot be measured does not keep a fit set from its place, and the reason is said', () => {
  const verdicts = judge(
    evidence([horizon({ championTest: null, comparison: null })], { championUnusable: 'it is damaged' }),
    RULES,
  );
  expect(passedProduction(verdicts)).toBe(true);
  expect(verdicts.at(-1)).toMatchObject({ gate: 'champion_unusable', reason: 'it is damaged' });
});

test.each([
  [12, '12 rows left out that one of them was trained on'],
  [null, 'nobody can tell any more'],
])('%s rows that one of the two was trained on are said', (rowsLeftOut, text) => {
  const verdicts = judge(evidence([horizon({ rowsLeftOut })]), RULES);
  expect(verdicts.find(({ gate }) => gate === 'better')?.reason).toContain(text);
});
