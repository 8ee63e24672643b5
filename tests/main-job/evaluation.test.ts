/** What `holdfast evaluate` and `holdfast report` say of a trained workspace. */
import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  evaluateStep,
  type HorizonEvaluation,
  reportStep,
  type SetEvaluation,
} from '../../src/workflow/index.ts';
import { HoldfastError, snakeKeys } from '../../src/kernel/index.ts';
import { copyPack, openWorkspace, type TestWorkspace } from '../support/workspace.ts';
import { type Deliveries, makeDeliveries } from './deliveries.ts';
import { changedMagazine, openMagazine, readers } from './magazine.ts';

let deliveries: Deliveries;
let workspace: TestWorkspace;
let evaluation: SetEvaluation;
let page: string;
/** As they came back from the file of the evaluation. */
let reported: unknown;

beforeAll(async () => {
  deliveries = await makeDeliveries({
    customers: 1500,
    from: '2023-06-01',
    cut: '2024-10-01',
    to: '2024-12-01',
  });
  workspace = await openWorkspace({ settings: { 'learner.rounds': 40 } });
  await cp(deliveries.first, workspace.landing, { recursive: true });
  await cp(deliveries.second, workspace.landing, { recursive: true });
  await workspace.run({ to: 'promote' });
  await workspace.withContext(async (context) => {
    evaluation = (await evaluateStep(context, { resamples: 100 })).result.evaluation;
    const { result } = await reportStep(context);
    page = result.page;
    reported = result.report.horizons;
  });
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  await deliveries[Symbol.asyncDispose]();
});

type Measured = Extract<HorizonEvaluation['test'], { rows: number }>;

function measured(split: HorizonEvaluation['test']): Measured {
  if (!('rows' in split)) throw new Error(split.reason);
  return split;
}

const horizons = (): readonly HorizonEvaluation[] => evaluation.horizons;

describe('an evaluation', () => {
  test('measures every horizon on the rows of its splits', async () => {
    expect(horizons().map(({ days }) => days)).toEqual([30, 60, 90]);
    for (const { days, validation, test: tested } of horizons()) {
      const [row] = await workspace.rows(
        `SELECT count(*) FILTER (WHERE split_${String(days)}d = 'test') AS tested,
           count(*) FILTER (WHERE split_${String(days)}d IN ('stop', 'calibrate')) AS validated,
           sum(churned_in_${String(days)}d) FILTER (WHERE split_${String(days)}d = 'test') AS positives
         FROM gold.churn_training_set`,
      );
      expect(measured(tested).rows).toBe(Number(row?.['tested']));
      expect(measured(tested).positives).toBe(Number(row?.['positives']));
      expect(measured(validation).rows).toBe(Number(row?.['validated']));
    }
  });

  test('gives every metric that has a value an interval around it', () => {
    for (const { test: tested } of horizons()) {
      const { metrics } = measured(tested);
      expect(Object.keys(metrics).length).toBeGreaterThan(25);
      for (const [name, { value, lower, upper, reason }] of Object.entries(metrics)) {
        if (value === null) expect(reason, name).toBeTypeOf('string');
        else {
          expect(lower, name).toBeLessThanOrEqual(value);
          expect(upper, name).toBeGreaterThanOrEqual(value);
          expect((upper ?? 0) - (lower ?? 0), name).toBeGreaterThan(0);
        }
      }
    }
  });

  test('finds the model better than chance, and the base rate no better than chance', () => {
    for (const { test: tested, detail } of horizons()) {
      const { metrics, baseRate } = measured(tested);
      expect(metrics['auc_pr']?.lower).toBeGreaterThan(baseRate ?? 1);
      expect(detail.baselines.map(({ name }) => name)).toEqual(['base_rate', 'rule', 'logistic_regression']);
      const [nothing, rule, regression] = detail.baselines.map(({ metrics: of }) => measured(of));
      expect(nothing?.metrics['auc_roc']?.value).toBe(0.5);
      expect(rule?.metrics['auc_roc']?.value).toBeGreaterThan(0.6);
      expect(regression?.metrics['auc_roc']?.value).toBeGreaterThan(0.6);
    }
  });

  test('says by how much the model is ahead of each baseline, on the same resamples', () => {
    for (const { test: tested, detail } of horizons()) {
      const own = measured(tested).metrics['auc_pr']?.value ?? 0;
      for (const { metrics, modelMinusBaseline } of detail.baselines) {
        const { value, lower, upper } = modelMinusBaseline?.auc_pr ?? { value: 0, lower: 0, upper: 0 };
        expect(value).toBeCloseTo(own - (measured(metrics).metrics['auc_pr']?.value ?? 0), 12);
        expect(lower as number).toBeLessThan(value as number);
        expect(upper as number).toBeGreaterThan(value as number);
      }
      expect(detail.baselines[0]?.modelMinusBaseline?.auc_pr.lower).toBeGreaterThan(0);
    }
  });

  test('splits the rows by segment and month without losing one', () => {
    for (const { test: tested, detail } of horizons()) {
      const { rows, positives } = measured(tested);
      for (const { parts } of [...detail.segments, { parts: detail.months }]) {
        expect(parts.reduce((sum, part) => sum + part.rows, 0)).toBe(rows);
        expect(parts.reduce((sum, part) => sum + part.positives, 0)).toBe(positives);
      }
      expect(detail.deciles.reduce((sum, decile) => sum + decile.rows, 0)).toBe(rows);
      expect(detail.calibration.reduce((sum, bin) => sum + bin.rows, 0)).toBe(rows);
    }
  });

  test('names a small segment with a reason in place of metrics', () => {
    const parts = horizons().flatMap(({ detail }) => detail.segments.flatMap((segment) => segment.parts));
    const small = parts.filter(({ rows, positives }) => rows < 200 || positives < 10);
    expect(small.length).toBeGreaterThan(0);
    for (const { metrics } of small)
      expect(metrics).toEqual({ reason: 'fewer than 200 rows or 10 positives' });
    for (const part of parts.filter((entry) => !small.includes(entry)))
      expect(measured(part.metrics).rows).toBe(part.rows);
  });

  test('decides by the threshold that the model was stored with', async () => {
    for (const { days, model, version, decision, test: tested } of horizons()) {
      const stored = JSON.parse(
        await readFile(
          path.join(workspace.folder, 'models', model, String(version), 'decision.json'),
          'utf8',
        ),
      ) as unknown;
      expect(stored, String(days)).toEqual(decision);
      expect(decision?.rule).toEqual({ rule: 'best_f1' });
      expect(measured(tested).decision?.threshold).toBe(decision?.threshold);
    }
  });

  test('says how far the base rate has moved, and what one constant mends', () => {
    for (const { detail } of horizons()) {
      const { shift } = detail;
      expect(shift?.rate).toBeCloseTo(
        detail.calibration.reduce((sum, { positives }) => sum + positives, 0) /
          detail.calibration.reduce((sum, { rows }) => sum + rows, 0),
        12,
      );
      expect(shift?.calibrationSlope).toBeTypeOf('number');
      expect(Math.sign(shift?.constant ?? 0)).not.toBe(0);
    }
  });
});

describe('an evaluation is refused', () => {
  const failing = (settings: { resamples?: number }, score?: string): Promise<string> =>
    workspace.withContext(async (context) => {
      const rule = score === undefined ? context.pack.file.evaluation.rule : { description: 'x', score };
      const evaluation = { ...context.pack.file.evaluation, ...(rule === undefined ? {} : { rule }) };
      const pack = { ...context.pack, file: { ...context.pack.file, evaluation } };
      return evaluateStep({ ...context, pack }, settings).then(
        () => 'evaluated',
        (error: unknown) =>
          error instanceof HoldfastError ? `${error.code} ${error.message}` : String(error),
      );
    });

  test('for too few and too many resamples', async () => {
    expect(await failing({ resamples: 1 })).toMatch(/^HF101 resamples are 1/);
    expect(await failing({ resamples: 1e9 })).toMatch(/^HF101/);
  });

  test('for a rule that is no expression over features', async () => {
    expect(await failing({}, 'speed +')).toMatch(/^HF105 the rule's score is no SQL expression/);
    expect(await failing({}, "(SELECT count(*) FROM read_text('x'))")).toMatch(
      /^HF105 the rule's score reads/,
    );
    expect(await failing({}, '(SELECT count(*) FROM gold.churn_scores)')).toMatch(/^HF105 .*churn_scores/);
    expect(await failing({}, 'no_such_feature + 1')).toMatch(/^HF105/);
  });

  test('for a rule that divides by zero, with the rule and how many rows', async () => {
    expect(await failing({}, 'CAST(speed AS DOUBLE) / (speed - speed)')).toMatch(
      /^HF105 the rule "x" gives no finite number for [\d,]+ of [\d,]+ rows: CAST\(speed/,
    );
  });

  test('where rows of test were used in training, unless that is allowed', async () => {
    // The test months of the pack begin later than those of this copy: its test split reaches into training.
    await using pack = await copyPack();
    await pack.replace('pack.yaml', 'validation_from: 2024-04-01', 'validation_from: 2023-10-01');
    await pack.replace('pack.yaml', 'test_from: 2024-07-01', 'test_from: 2024-01-01');
    await using moved = await openWorkspace({ settings: { 'learner.rounds': 40 } });
    await cp(workspace.folder, moved.folder, { recursive: true });
    await moved.run({ from: 'build', to: 'build' }, { pack: pack.folder });
    const evaluate = (allowMovedSplit: boolean): Promise<SetEvaluation> =>
      moved.withContext(
        async (context) => (await evaluateStep(context, { resamples: 2, allowMovedSplit })).result.evaluation,
        { pack: pack.folder },
      );
    await expect(evaluate(false)).rejects.toMatchObject({
      code: 'HF207',
      message: expect.stringMatching(
        /rows of test were used in training, [\d,]+ of the 30-day model/,
      ) as string,
    });
    const { horizons: measuredAnew } = await evaluate(true);
    expect(measuredAnew.every(({ testRowsTrainedOn }) => (testRowsTrainedOn ?? 0) > 0)).toBe(true);
    expect(moved.warnings.join()).toMatch(/the figures look better than the models are/);
    expect(horizons().map(({ testRowsTrainedOn }) => testRowsTrainedOn)).toEqual([0, 0, 0]);
  });
});

describe('a report', () => {
  test('is one page of at most a megabyte that needs nothing else, data problems first', async () => {
    const text = await readFile(page, 'utf8');
    expect(Buffer.byteLength(text)).toBeLessThan(1_000_000);
    expect(text.replaceAll('http://www.w3.org/', '')).not.toMatch(
      /https?:|<script|<link|@import|url\(|NaN|undefined/,
    );
    const headings = [...text.matchAll(/<h2>([^<]+)<\/h2>/g)].map(([, heading]) => heading);
    expect(headings[0]).toBe('Problems in the data');
    expect(headings).toEqual(
      expect.arrayContaining(['Rows and splits', 'Metrics', 'Calibration', 'Intended use and limits']),
    );
    expect(text.match(/<svg/g)?.length).toBeGreaterThan(20);
  });

  test('has the same content as JSON, with the figures of the evaluation', async () => {
    const document = JSON.parse(await readFile(page.replace('.html', '.json'), 'utf8')) as {
      schema: string;
      horizons: unknown;
    };
    expect(reported).toEqual(JSON.parse(JSON.stringify(evaluation.horizons)));
    expect(document.schema).toBe('holdfast.report/2');
    expect(document.horizons).toEqual(JSON.parse(JSON.stringify(snakeKeys(evaluation.horizons))));
  });
});

test('a refitted model is compared with a regression on the rows that it learnt from itself', async () => {
  await using pack = await changedMagazine({
    file: 'pack.yaml',
    from: `learner:
  parameters:
    objective: binary
    metric: average_precision
    learning_rate: 0.1
    num_leaves: 7
    min_child_samples: 10
`,
    to: `learner:
  imbalance: { method: none }
  candidates: [{ name: plain, learner: logistic_regression }]
`,
  });
  await using magazine = await openMagazine({ pack: pack.folder });
  await magazine.land('readers.csv', readers(400));
  await magazine.run({ to: 'promote' });
  const { result } = await magazine.withContext((context) => evaluateStep(context, { resamples: 20 }));
  const [horizon] = result.evaluation.horizons;
  expect(horizon?.trainRows).toBeGreaterThan(300);
  const baseline = horizon?.detail.baselines.find(({ name }) => name === 'logistic_regression');
  // They are one and the same model.
  expect(baseline?.modelMinusBaseline).toMatchObject({ auc_pr: { value: 0 }, auc_roc: { value: 0 } });
});
