/** The pages of a pack with dates: what they show is what the lake, the models and the evaluation say. */
import { cp } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Customer, DataHealth, Performance, WhatIf, WhatIfStart } from '../../src/desk/index.ts';
import type { Row } from '../../src/engine/index.ts';
import { evaluateStep, explainEntity } from '../../src/workflow/index.ts';
import { whatIf } from '../../src/workflow/desk/what-if.ts';
import { type Deliveries, makeDeliveries } from '../main-job/deliveries.ts';
import { setInUse } from '../support/set-in-use.ts';
import { openWorkspace, type TestWorkspace } from '../support/workspace.ts';
import { rowOf, withPages } from './pages.ts';

const FIRST = '2024-10-01';
const SECOND = '2024-12-01';
const KEY = 'unique_customer_identifier';

let deliveries: Deliveries;
let workspace: TestWorkspace;

beforeAll(async () => {
  deliveries = await makeDeliveries({ customers: 500, from: '2023-09-01', cut: FIRST, to: SECOND });
  workspace = await openWorkspace({ settings: { 'learner.rounds': 30 } });
  await cp(deliveries.first, workspace.landing, { recursive: true });
  await workspace.run();
  await cp(deliveries.second, workspace.landing, { recursive: true });
  await workspace.run();
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  await deliveries[Symbol.asyncDispose]();
});

const one = (rows: readonly Row[]): Row => {
  expect(rows).toHaveLength(1);
  return rows[0] as Row;
};

describe('the page of an entity', () => {
  test('holds what was written of it on each date, the newest first', async () => {
    const { page, id } = await withPages(workspace, async ({ pages, ids }) => ({
      page: Customer.parse(await pages.customer(rowOf(ids[0] ?? ''))),
      id: ids[0] ?? '',
    }));
    const written = await workspace.rows(
      `SELECT * FROM gold.churn_scores WHERE ${KEY} = '${id}' ORDER BY score_date DESC`,
    );
    expect(page.as_of).toBe(SECOND);
    expect(page.history).toEqual(
      written.map((row) => ({
        score_date: row['score_date'],
        tier: row['risk_tier'],
        model_set: row['model_set'],
        probabilities: [30, 60, 90].map((days) => ({
          days,
          probability: row[`probability_${String(days)}d`],
        })),
      })),
    );
    const set = await setInUse(`${workspace.folder}/models`);
    expect(page.base_rates).toEqual(
      set?.models.map(({ horizonDays, statistics }) => ({ days: horizonDays, rate: statistics.baseRate })),
    );
    const [newest] = written;
    expect(page.reasons.map(({ text, feature }) => [text, feature])).toEqual(
      [1, 2, 3]
        .map((place) => [newest?.[`reason_${String(place)}`], newest?.[`driver_${String(place)}`]])
        .filter(([text]) => text !== null),
    );
    expect(page.reasons.length).toBeGreaterThan(0);
    const features = one(
      await workspace.rows(
        `SELECT * FROM gold.churn_features WHERE ${KEY} = '${id}' AND observation_date = '${SECOND}'`,
      ),
    );
    for (const { name, value } of page.features) expect(value, name).toEqual(features[name]);
    for (const { feature, value } of page.reasons) expect(value).toEqual(features[feature]);
    expect(page.reasons[0]?.intervention).toBe(newest?.['intervention']);
  });

  test('explains the scores as the explanation of the command line does, and adds up to the raw score', async () => {
    await withPages(workspace, async ({ pages, ids, context }) => {
      for (const id of ids.slice(0, 5)) {
        const page = await pages.customer(rowOf(id));
        expect(page.contributions_missing).toBeNull();
        expect(page.contributions?.map(({ days }) => days)).toEqual([30, 60, 90]);
        await context.lake.attach(['gold.churn_scores']);
        const written = one(
          await context.engine.rows(
            `SELECT * FROM gold.churn_scores WHERE ${KEY} = $id AND score_date = CAST('${SECOND}' AS DATE)`,
            { id },
          ),
        );
        for (const { days, base, features } of page.contributions ?? []) {
          const { explained } = await explainEntity(context, id, { horizonDays: days });
          const sum = features.reduce((total, { contribution }) => total + contribution, base);
          expect(sum).toBeCloseTo(Number(written[`raw_score_${String(days)}d`]), 9);
          expect(base).toBeCloseTo(explained.baseValue, 9);
          for (const { feature, label, unit, value, contribution } of explained.contributions) {
            const shown = features.find(({ name }) => name === feature);
            expect(shown).toMatchObject({ label, unit, value });
            expect(shown?.contribution).toBeCloseTo(contribution, 9);
          }
          const sizes = features.map(({ contribution }) => Math.abs(contribution));
          expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
        }
      }
    });
  });

  test('says why there are no contributions where the scores are of other models or features', async () => {
    await withPages(workspace, async ({ pages, ids, service }) => {
      const score = service.score.bind(service);
      const id = ids[0] ?? '';
      service.score = (request, options) => ({ ...score(request, options), modelSet: 99 });
      const other = await pages.customer(rowOf(id));
      expect(other.contributions).toBeNull();
      expect(other.contributions_missing).toMatch(/model set 1, and set 99 is in use/);
      service.score = (request, options) => {
        const answer = score(request, options);
        return { ...answer, horizons: answer.horizons.map((own) => ({ ...own, probability: 0 })) };
      };
      const changed = await pages.customer(rowOf(id));
      expect(changed.contributions).toBeNull();
      expect(changed.contributions_missing).toMatch(/features have changed/);
    });
  });

  test('tells of the past what the tables of the pack know, each with its own date, and counts the rest', async () => {
    const ids = await withPages(workspace, ({ ids: all }) => Promise.resolve(all));
    for (const id of [ids[0] ?? '', ids[7] ?? '', ids.at(-1) ?? '']) {
      const page = await withPages(workspace, ({ pages }) => pages.customer(rowOf(id)));
      const counts = await workspace.rows(
        `SELECT 'silver.calls' AS source, count(*) AS n FROM silver.calls WHERE ${KEY} = '${id}'
         UNION ALL SELECT 'silver.cease', count(*) FROM silver.cease WHERE ${KEY} = '${id}'
         UNION ALL SELECT 'silver.customer_info', count(*) FROM silver.customer_info WHERE ${KEY} = '${id}'
         UNION ALL SELECT 'silver.usage_monthly', count(*) FROM silver.usage_monthly
           WHERE ${KEY} = '${id}' AND available_on <= DATE '${SECOND}'`,
      );
      const total = counts.reduce((sum, row) => sum + Number(row['n']), 0);
      expect(page.timeline.length).toBe(Math.min(100, total));
      expect(page.timeline_left_out).toBe(total - page.timeline.length);
      const dates = page.timeline.map(({ date }) => date);
      expect(dates).toEqual([...dates].sort().reverse());
      if (page.timeline_left_out === 0)
        for (const row of counts)
          expect(page.timeline.filter(({ source }) => source === row['source'])).toHaveLength(
            Number(row['n']),
          );
      const calls = page.timeline.filter(({ source }) => source === 'silver.calls');
      const known = await workspace.rows(
        `SELECT * FROM silver.calls WHERE ${KEY} = '${id}' ORDER BY event_date DESC`,
      );
      expect(calls.map(({ date }) => date)).toEqual(
        known.slice(0, calls.length).map((row) => row['event_date']),
      );
      for (const { fields, label } of calls) {
        expect(label).toBe('Calls');
        expect(fields[0]?.name).toBe('Call type');
        expect(fields.length).toBeLessThanOrEqual(6);
      }
    }
  });

  test('is HF603 for an id that was not scored', async () => {
    await withPages(workspace, async ({ pages }) => {
      for (const id of ['nobody', "' OR 1 = 1 --", 'a/b', ''])
        await expect(pages.customer(rowOf(id)), id).rejects.toMatchObject({ code: 'HF603' });
    });
  });
});

describe('the page of performance', () => {
  test('has a rate only where the outcome of all is known, and else the day on which it will be', async () => {
    const { trend, observed_to: observedTo } = await withPages(workspace, async ({ pages }) =>
      Performance.parse(await pages.performance()),
    );
    expect(observedTo).toBe(SECOND);
    expect(trend.map(({ score_date: day }) => day)).toEqual([FIRST, SECOND]);
    for (const { score_date: day, scored, tiers, horizons } of trend) {
      const written = one(
        await workspace.rows(
          `SELECT count(*) AS n, avg(probability_30d) AS mean_30, avg(probability_60d) AS mean_60, avg(probability_90d) AS mean_90
           FROM gold.churn_scores WHERE score_date = '${day}'`,
        ),
      );
      expect(scored).toBe(Number(written['n']));
      expect(tiers.reduce((sum, { count }) => sum + count, 0)).toBe(scored);
      const inTiers = await workspace.rows(
        `SELECT risk_tier, count(*) AS n FROM gold.churn_scores WHERE score_date = '${day}' GROUP BY risk_tier`,
      );
      for (const row of inTiers)
        expect(tiers.find(({ name }) => name === row['risk_tier'])?.count).toBe(Number(row['n']));
      for (const { days, mean_probability: mean } of horizons)
        expect(mean).toBeCloseTo(Number(written[`mean_${String(days)}`]), 12);
    }
    const [first, second] = trend;
    expect(first?.horizons.map(({ matures_on: day }) => day)).toEqual([
      '2024-10-31',
      '2024-11-30',
      '2024-12-30',
    ]);
    for (const { days, known, actual_rate: rate } of first?.horizons ?? []) {
      if (days === 90) {
        expect([known, rate]).toEqual([0, null]);
        continue;
      }
      const left = one(
        await workspace.rows(
          `SELECT count(DISTINCT scores.${KEY}) AS n FROM gold.churn_scores AS scores
           JOIN silver.cease AS cease ON cease.${KEY} = scores.${KEY}
             AND cease.cease_placed_date >= scores.score_date
             AND cease.cease_placed_date < scores.score_date + INTERVAL '${String(days)} days'
           WHERE scores.score_date = '${FIRST}'`,
        ),
      );
      expect(known).toBe(first?.scored);
      expect(rate).toBeCloseTo(Number(left['n']) / Number(first?.scored), 12);
      expect(Number(left['n'])).toBeGreaterThan(0);
    }
    expect(second?.horizons.map(({ actual_rate: rate }) => rate)).toEqual([null, null, null]);
    expect(second?.horizons[0]?.matures_on).toBe('2024-12-31');
  });

  test('shows what training measured and how the rest is had, then the evaluation as soon as it is made', async () => {
    await withPages(workspace, async ({ pages, context }) => {
      const set = await setInUse(`${workspace.folder}/models`);
      const before = Performance.parse(await pages.performance());
      expect(before.model_set).toBe(1);
      expect(before.champion).toMatchObject({ set: 1, by: context.user });
      expect(before.gates.length).toBeGreaterThan(0);
      expect(before.gates.every(({ has_passed: passed }) => passed)).toBe(true);
      expect(before.evaluated_at).toBeNull();
      expect(before.evaluation_missing).toContain('holdfast evaluate');
      before.horizons.forEach((horizon, place) => {
        const metrics = set?.models[place]?.metrics[horizon.split];
        if (metrics === undefined || !('rows' in metrics)) throw new Error('nothing was measured');
        expect(horizon.rows).toBe(metrics.rows);
        for (const { name, value, low, high } of horizon.metrics)
          expect({ value, lower: low, upper: high }).toEqual({
            value: metrics.metrics[name]?.value,
            lower: metrics.metrics[name]?.lower,
            upper: metrics.metrics[name]?.upper,
          });
        expect(horizon.deciles).toEqual([]);
      });

      const { evaluation } = (await evaluateStep(context, { resamples: 50, allowMovedSplit: true })).result;
      const after = Performance.parse(await pages.performance());
      expect(after.evaluation_missing).toBeNull();
      expect(after.evaluated_at).toBe(evaluation.evaluatedAt);
      evaluation.horizons.forEach(({ days, detail, ...measured }, place) => {
        const shown = after.horizons[place];
        const own = measured[detail.split];
        if (shown === undefined || !('rows' in own)) throw new Error('nothing was measured');
        expect([shown.days, shown.split, shown.rows, shown.positives]).toEqual([
          days,
          detail.split,
          own.rows,
          own.positives,
        ]);
        expect(shown.metrics.find(({ name }) => name === 'auc_pr')).toEqual({
          name: 'auc_pr',
          label: 'AUC-PR',
          value: own.metrics['auc_pr']?.value,
          low: own.metrics['auc_pr']?.lower,
          high: own.metrics['auc_pr']?.upper,
        });
        expect(shown.deciles.map(({ rows, actual }) => [rows, actual])).toEqual(
          detail.deciles.map(({ rows, rate }) => [rows, rate]),
        );
        expect(shown.deciles.reduce((sum, { rows }) => sum + rows, 0)).toBe(own.rows);
        expect(shown.calibration.reduce((sum, { rows }) => sum + rows, 0)).toBe(own.rows);
        expect(shown.curve.length).toBeLessThanOrEqual(60);
        expect(shown.curve.at(-1)).toMatchObject({ contacted: own.rows, found: own.positives, missed: 0 });
        for (const { contacted, found, precision } of shown.curve)
          expect(found / contacted).toBeCloseTo(precision, 4);
        expect(shown.baselines.map(({ name }) => name)).toEqual(['base_rate', 'rule', 'logistic_regression']);
        expect(shown.segments.map(({ segment }) => segment)).toEqual(context.pack.file.evaluation.segments);
      });
      expect(await pages.performance()).toBe(await pages.performance());
    });
  });
});

describe('the page of the data', () => {
  test('tells what was delivered, what is in the lake and what its rules found', async () => {
    const health = await withPages(workspace, async ({ pages }) => DataHealth.parse(await pages.data()));
    expect([health.as_of, health.observed_to]).toEqual([SECOND, SECOND]);
    const calls = health.sources.find(({ table }) => table === 'bronze.raw_calls');
    const [counted] = await workspace.rows('SELECT count(*) AS n FROM bronze.raw_calls');
    expect(calls).toMatchObject({
      files: 2,
      newest_file: `calls_${SECOND}.csv`,
      rows: Number(counted?.['n']),
    });
    expect(calls?.columns.map(({ name }) => name)).toEqual([
      ...[KEY, 'event_date', 'call_type', 'talk_time_seconds', 'hold_time_seconds'],
    ]);
    expect(health.sources).toHaveLength(4);
    const counts = await workspace.rows(
      health.tables
        .map(({ table }) => `SELECT '${table}' AS name, count(*) AS n FROM ${table}`)
        .join(' UNION ALL '),
    );
    for (const { table, rows } of health.tables)
      expect(rows, table).toBe(Number(counts.find(({ name }) => name === table)?.['n']));
    const results = await workspace.rows(
      `SELECT DISTINCT table_name, expectation FROM quality.expectation_results`,
    );
    expect(health.expectations).toHaveLength(results.length);
    const order = health.expectations.map(({ status }) => ['FAIL', 'WARN', 'PASS'].indexOf(status));
    expect(order).toEqual([...order].sort());
    const set = await setInUse(`${workspace.folder}/models`);
    const shares = health.features.map(
      ({ name }) => `avg(CASE WHEN ${name} IS NULL THEN 1.0 ELSE 0.0 END) AS ${name}`,
    );
    const own = one(
      await workspace.rows(
        `SELECT ${shares.join(', ')} FROM gold.churn_features WHERE observation_date = '${SECOND}'`,
      ),
    );
    for (const { name, missing, missing_in_training: before } of health.features) {
      expect(missing, name).toBeCloseTo(Number(own[name]), 9);
      expect(before, name).toBe(set?.models[0]?.statistics.features[name]?.missingShare);
    }
  });
});

describe('a what-if', () => {
  test('from the features of somebody says what was said of them', async () => {
    await withPages(workspace, async ({ pages, ids, context, service }) => {
      const id = ids[3] ?? '';
      const start = WhatIfStart.parse(await pages.whatIfFrom(id));
      expect(start).toMatchObject({ id, as_of: SECOND });
      expect(Object.keys(start.features)).toEqual(Object.keys(context.pack.features));
      const answer = WhatIf.parse(whatIf({ service, pack: context.pack }, start.features));
      const page = await pages.customer(rowOf(id));
      expect(answer.probabilities.map(({ days, probability }) => ({ days, probability }))).toEqual(
        page.history[0]?.probabilities,
      );
      expect(answer.tier).toBe(page.history[0]?.tier);
      expect(answer.reasons).toEqual(page.reasons.map(({ text }) => text));
      expect(answer.contributions).toEqual(page.contributions);
    });
  });

  test('from anybody names nobody, and from a filter takes whom it leaves', async () => {
    await withPages(workspace, async ({ pages, ids }) => {
      const id = ids[5] ?? '';
      const picked = await pages.whatIfAnywhere(() => Promise.resolve(id));
      expect(picked).toEqual({ ...(await pages.whatIfFrom(id)), id: null });
      await expect(pages.whatIfAnywhere(() => Promise.resolve(null))).rejects.toMatchObject({
        code: 'HF603',
      });
      await expect(pages.whatIfFrom('nobody')).rejects.toMatchObject({ code: 'HF603' });
    });
  });

  test('keeps nothing, and refuses what does not fit by its name', async () => {
    await withPages(workspace, async ({ pages, service, ids, context: { pack } }) => {
      const parts = { service, pack };
      const { features } = await pages.whatIfFrom(ids[0] ?? '');
      const asked: unknown[] = [];
      const score = service.score.bind(service);
      service.score = (request, options) => {
        asked.push(options);
        return score(request, options);
      };
      whatIf(parts, features);
      expect(asked).toEqual([{ explain: true, isApart: true }]);
      expect(whatIf(parts, { ...features, technology: 'smoke signals' }).unseen_categories).toEqual([
        'technology',
      ]);
      const { tenure_days: _without, ...fewer } = features;
      expect(() => whatIf(parts, fewer)).toThrow(expect.objectContaining({ code: 'HF504' }) as Error);
    });
  });
});
