/** Compares what the service answers with what the score step wrote of the same rows. */
import { expect } from 'vitest';
import { type Row, textOf } from '../../src/engine/index.ts';
import {
  type Context,
  openScoringService,
  type RequestValue,
  type ScoringAnswer,
  scoringPartsOf,
  type ScoringService,
} from '../../src/workflow/index.ts';
import type { TestWorkspace } from '../support/workspace.ts';

/** Opens the service of a workspace for a while. */
export function withService<T>(
  workspace: TestWorkspace,
  use: (service: ScoringService, context: Context) => Promise<T>,
  settings: Readonly<Record<string, string | number>> = {},
): Promise<T> {
  return workspace.withContext(async (context) => {
    await using service = await openScoringService(scoringPartsOf(context));
    return await use(service, context);
  }, settings);
}

/** The rows of the newest batch, each with the features that it was scored by. */
export interface BatchRow {
  readonly key: string;
  readonly scores: Row;
  readonly features: Readonly<Record<string, RequestValue>>;
}

export async function newestBatch({ engine, lake, pack }: Context): Promise<BatchRow[]> {
  await lake.attach();
  const { key } = pack.file.entity;
  const { table } = pack.file.features;
  const scores = await engine.rows(
    `SELECT *, CAST(score_date AS STRING) AS day FROM gold.churn_scores
     WHERE score_date = (SELECT max(score_date) FROM gold.churn_scores) ORDER BY ${key}`,
  );
  const features = await engine.rows(
    `SELECT * FROM ${table} WHERE CAST(observation_date AS STRING) = '${textOf(scores[0]?.['day'])}'`,
  );
  const byKey = new Map(features.map((row) => [textOf(row[key]), row]));
  return scores.map((row) => {
    const own = byKey.get(textOf(row[key])) ?? {};
    const values = Object.keys(pack.features).map((name) => [name, requestValue(own[name] ?? null)]);
    return {
      key: textOf(row[key]),
      scores: row,
      features: Object.fromEntries(values) as BatchRow['features'],
    };
  });
}

const requestValue = (value: Row[string]): RequestValue =>
  value === null || typeof value === 'number' || typeof value === 'string' ? value : textOf(value);

/** What a row of the score table says, in the words of an answer. */
function saidByBatch({ scores }: BatchRow, days: readonly number[]): object {
  return {
    horizons: days.map((horizon) => ({
      days: horizon,
      probability: scores[`probability_${String(horizon)}d`],
      riskDecile: scores[`risk_decile_${String(horizon)}d`],
      riskScore: scores[`risk_score_${String(horizon)}d`],
    })),
    tier: scores['risk_tier'],
    action: scores['action'] ?? '',
    owner: scores['owner'] ?? '',
    sla: scores['sla'] ?? '',
    reasons: [1, 2, 3].map((place) => scores[`reason_${String(place)}`]),
    drivers: [1, 2, 3].map((place) => scores[`driver_${String(place)}`]),
    modelSet: scores['model_set'],
  };
}

function saidByService({ horizons, tier, action, owner, sla, reasons, modelSet }: ScoringAnswer): object {
  return {
    horizons,
    tier,
    action,
    owner,
    sla,
    reasons: [0, 1, 2].map((place) => reasons[place]?.text ?? null),
    drivers: [0, 1, 2].map((place) => reasons[place]?.driver ?? null),
    modelSet,
  };
}

/** Asks about every row of the newest batch, by its key and with its features: all numbers and words are the same. */
export async function expectAsBatch(service: ScoringService, context: Context): Promise<BatchRow[]> {
  expect(service.notReadyReason).toBeNull();
  const days = (service.set?.models ?? []).map((model) => model.days);
  const rows = await newestBatch(context);
  expect(service.snapshot).toEqual({ asOf: rows[0]?.scores['day'], entities: rows.length });
  for (const row of rows) {
    const expected = saidByBatch(row, days);
    const found = service.score({ entityId: row.key });
    expect(saidByService(found), row.key).toEqual(expected);
    expect(found.featuresAsOf).toBe(row.scores['day']);
    const given = service.score({ entityId: row.key, features: row.features });
    expect(saidByService(given), row.key).toEqual(expected);
    expect(given.featuresAsOf).toBeUndefined();
    expect(given.unseenCategories).toEqual(found.unseenCategories);
  }
  const requests = [...rows.map(({ key }) => ({ entityId: key })), { entityId: 'of nobody' }];
  const many = [...((await service.scoreMany?.(requests, { explain: true })) ?? [])];
  expect(many.pop()).toMatchObject({ code: 'HF603' });
  expect(many).toEqual(rows.map(({ key }) => service.score({ entityId: key }, { explain: true })));
  return rows;
}
