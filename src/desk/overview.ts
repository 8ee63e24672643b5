/** Figures of the overview, each with a filter of the queue that selects exactly the rows it counts. */
import { CONTACT_OUTCOMES } from '../domain/index.ts';
import { type Engine, textOf } from '../engine/index.ts';
import type { Change, Overview } from './contract.ts';
import type { Question } from './customers-query.ts';
import { fromModel, STATUS } from './customers-filter.ts';
import type { ReadModel, TierFigures } from './read-model.ts';

/** Lower bounds of the heatmap's bands, finer where base rates lie; the last band ends at 1. */
const BAND_EDGES = [0, 0.02, 0.05, 0.1, 0.2, 0.35, 0.5] as const;
const BINS = 20;
const BIN_EDGES: readonly number[] = Array.from({ length: BINS }, (_, bin) => bin / BINS);

/** What changes with the scores alone, so that it is counted once a model. */
export type ScoreFigures = Pick<
  Overview,
  'as_of' | 'previous' | 'model_set' | 'scored' | 'value_at_risk' | 'tiers' | 'histograms' | 'heatmap'
>;

export async function scoreFigures(engine: Engine, model: ReadModel): Promise<ScoreFigures> {
  const { horizons, now, before } = model;
  const scored = totalOf(now, before, ({ count }) => count);
  return {
    as_of: model.asOf,
    previous: model.previous,
    model_set: model.modelSet,
    scored,
    value_at_risk: totalOf(now, before, ({ valueAtRisk }) => valueAtRisk),
    tiers: model.tiers.map((name) => {
      const count = totalOf(now, before, (figures) => (figures.tier === name ? figures.count : 0));
      return {
        name,
        count,
        share: scored.now === 0 ? 0 : count.now / scored.now,
        value_at_risk: now.find(({ tier }) => tier === name)?.valueAtRisk ?? 0,
      };
    }),
    histograms: await Promise.all(horizons.map((days) => histogram(engine, model, days))),
    heatmap: await heatmap(engine, model),
  };
}

function totalOf(
  now: readonly TierFigures[],
  before: readonly TierFigures[] | null,
  figure: (figures: TierFigures) => number,
): Change {
  const total = (tiers: readonly TierFigures[]): number =>
    tiers.reduce((sum, figures) => sum + figure(figures), 0);
  return { now: total(now), before: before === null ? null : total(before) };
}

/**
 * The place of a value among bands, by comparing it with their lower bounds as the filter does: a quotient would put
 * values at a bound into the wrong one.
 */
const placeAmong = (column: string, edges: readonly number[]): string =>
  edges
    .slice(1)
    .map((edge) => `CAST(${column} >= CAST(${String(edge)} AS DOUBLE) AS INTEGER)`)
    .join(' + ');

async function histogram(
  engine: Engine,
  { scores }: ReadModel,
  days: number,
): Promise<Overview['histograms'][number]> {
  const column = `probability_${String(days)}d`;
  const rows = await engine.rows(
    `SELECT ${placeAmong(column, BIN_EDGES)} AS bin, count(*) AS n, sum(${column}) AS total
     FROM ${scores} GROUP BY bin ORDER BY bin`,
  );
  const counts = new Map(rows.map((row) => [Number(row['bin']), Number(row['n'])]));
  const count = rows.reduce((sum, row) => sum + Number(row['n']), 0);
  const total = rows.reduce((sum, row) => sum + Number(row['total']), 0);
  return {
    days,
    mean: count === 0 ? 0 : Math.min(1, total / count),
    bins: BIN_EDGES.map((from, bin) => ({
      from,
      to: BIN_EDGES[bin + 1] ?? 1,
      count: counts.get(bin) ?? 0,
    })),
  };
}

async function heatmap(engine: Engine, { scores, horizons }: ReadModel): Promise<Overview['heatmap']> {
  const [shortest = 0] = horizons;
  const longest = horizons.at(-1) ?? shortest;
  const place = (days: number): string => placeAmong(`probability_${String(days)}d`, BAND_EDGES);
  const rows = await engine.rows(
    `SELECT ${place(shortest)} AS band_row, ${place(longest)} AS band_column, count(*) AS n FROM ${scores} GROUP BY ALL`,
  );
  const counts = new Map(
    rows.map((row) => [`${textOf(row['band_row'])} ${textOf(row['band_column'])}`, Number(row['n'])]),
  );
  return {
    row_days: shortest,
    column_days: longest,
    bands: BAND_EDGES.map((from, band) => ({ from, to: BAND_EDGES[band + 1] ?? 1 })),
    cells: BAND_EDGES.flatMap((_from, row) =>
      BAND_EDGES.map((_edge, column) => ({
        row,
        column,
        count: counts.get(`${String(row)} ${String(column)}`) ?? 0,
      })),
    ),
  };
}

/** The overview as it is now: the figures of the scores, and what people did about them. */
export async function readOverview(question: Question, figures: ScoreFigures): Promise<Overview> {
  const { engine, model, now } = question;
  const teams = await engine.rows(
    `WITH queue AS (
       SELECT scores.owner, scores.tier, scores.tier_rank, scores.contact_by, scores.exact_value_at_risk,
         work.assignee_id, ${STATUS} AS status
       ${fromModel(model)} WHERE scores.is_contacted
     )
     SELECT owner, tier, tier_rank,
       count(*) FILTER (WHERE status = 'due') AS due,
       count(*) FILTER (WHERE status = 'due' AND contact_by < CAST($now AS TIMESTAMPTZ)) AS overdue,
       count(*) FILTER (WHERE status = 'due' AND assignee_id IS NOT NULL) AS assigned,
       count(*) FILTER (WHERE status = 'snoozed') AS snoozed,
       count(*) FILTER (WHERE status = 'suppressed') AS suppressed,
       count(*) FILTER (WHERE status = 'done') AS done,
       sum(exact_value_at_risk) FILTER (WHERE status = 'due') AS value
     FROM queue GROUP BY ALL ORDER BY tier_rank, owner`,
    { now },
  );
  const contacts = await engine.rows(
    `SELECT work.last_outcome AS outcome, count(*) AS n, sum(scores.exact_value_at_risk) AS value
     FROM ${model.work} AS work JOIN ${model.scores} AS scores ON scores.id = work.id
     WHERE work.last_contact_at >= CAST($day AS DATE) GROUP BY ALL`,
    { day: model.asOf },
  );
  return {
    ...figures,
    teams: teams.map((row) => ({
      owner: textOf(row['owner']),
      tier: textOf(row['tier']),
      due: Number(row['due']),
      overdue: Number(row['overdue']),
      assigned: Number(row['assigned']),
      snoozed: Number(row['snoozed']),
      suppressed: Number(row['suppressed']),
      done: Number(row['done']),
      value_at_risk: Number(row['value'] ?? 0),
    })),
    contacts: CONTACT_OUTCOMES.map((outcome) => {
      const row = contacts.find((counted) => counted['outcome'] === outcome);
      return { outcome, count: Number(row?.['n'] ?? 0), value: Number(row?.['value'] ?? 0) };
    }),
  };
}
