/** What customers do in the weeks before they place a cease, and stayers before their last snapshot. */
import path from 'node:path';
import type { Engine } from '../../src/engine/index.ts';
import type { Figure } from './figure.ts';
import { BEFORE_THE_CEASE, WEEKS_BEFORE_THE_CEASE } from './published-facts.ts';

/** Weekly download of leavers; `week` 0 is the one that ends with the cease. */
export interface WeekOfUse {
  readonly week: number;
  /** Leavers with any recorded day in that week. */
  readonly share: number;
  readonly mean: number;
  readonly median: number;
}

const MOST_RELATIVE = 0.2;

export async function compareBeforeTheCease(
  engine: Engine,
  landing: string,
): Promise<{ figures: Figure[]; weeks: WeekOfUse[] }> {
  const measured = { ...(await callsBefore(engine)) };
  const payments = await cancelledPayments(engine);
  const figures = (['leavers', 'stayers'] as const).flatMap((who) =>
    Object.entries(BEFORE_THE_CEASE[who]).map(([name, published]): Figure => ({
      group: `Before the cease: ${who}`,
      name: name.replaceAll('_', ' '),
      published,
      measured: { ...measured[who], ...payments[who] }[name] ?? null,
      bar: { kind: 'relative', most: MOST_RELATIVE },
      unit: name.startsWith('mean') ? 'number' : 'share',
    })),
  );
  const weeks = await weeksOfUse(engine, landing);
  return { figures: [...figures, ...compareWeeks(weeks)], weeks };
}

type Shares = Readonly<Record<string, number>>;
type ByGroup = Readonly<Record<'leavers' | 'stayers', Shares>>;

async function callsBefore(engine: Engine): Promise<ByGroup> {
  const any = (type: string): string => `avg(CAST(${type} > 0 AS INTEGER))`;
  const within = (days: number, condition = 'true'): string =>
    `count(calls.day) FILTER (WHERE reference.day - calls.day <= ${String(days)} AND ${condition})`;
  const rows = await engine.rows(`
    WITH reference AS (
      SELECT customer, min(placed) AS day, 'leavers' AS who FROM cease GROUP BY customer
      UNION ALL
      SELECT customer, max(day), 'stayers' FROM info WHERE customer NOT IN (SELECT customer FROM cease) GROUP BY customer
    ),
    counted AS (
      SELECT reference.customer, who, ${within(30)} AS calls_30d, ${within(60)} AS calls_60d, ${within(90)} AS calls_90d,
        ${within(30, `call_type = 'Loyalty'`)} AS loyalty, ${within(30, `call_type = 'CS&B'`)} AS service,
        ${within(30, `call_type = 'Customer Finance'`)} AS finance, ${within(30, `call_type = 'Tech'`)} AS tech
      FROM reference
      LEFT JOIN calls ON calls.customer = reference.customer AND reference.day - calls.day BETWEEN 0 AND 90
      GROUP BY reference.customer, who
    )
    SELECT who, ${any('calls_30d')} AS any_call_30d, ${any('calls_90d')} AS any_call_90d,
      avg(calls_30d) AS mean_calls_30d, avg(calls_60d) AS mean_calls_60d, avg(calls_90d) AS mean_calls_90d,
      ${any('loyalty')} AS any_loyalty_30d, ${any('service')} AS any_customer_service_30d,
      ${any('finance')} AS any_finance_30d, ${any('tech')} AS any_tech_30d
    FROM counted GROUP BY who`);
  return byGroup(rows);
}

/** By the latest snapshot; here leavers are those whose cease was completed, as published. */
async function cancelledPayments(engine: Engine): Promise<ByGroup> {
  const rows = await engine.rows(`
    SELECT CASE WHEN customer IN (SELECT customer FROM cease WHERE completed IS NOT NULL) THEN 'leavers' ELSE 'stayers' END AS who,
      avg(CAST(cancelled > 0 AS INTEGER)) AS any_cancelled_payment,
      avg(CAST(cancelled_60d > 0 AS INTEGER)) AS any_cancelled_payment_60d
    FROM (
      SELECT customer, max_by(contract_dd_cancels, day) AS cancelled, max_by(dd_cancel_60_day, day) AS cancelled_60d
      FROM info GROUP BY customer)
    GROUP BY who`);
  return byGroup(rows);
}

function byGroup(rows: readonly Readonly<Record<string, unknown>>[]): ByGroup {
  const of = (who: string): Shares =>
    Object.fromEntries(
      Object.entries(rows.find((row) => row['who'] === who) ?? {})
        .filter(([name]) => name !== 'who')
        .map(([name, value]) => [name, Number(value)]),
    );
  return { leavers: of('leavers'), stayers: of('stayers') };
}

async function weeksOfUse(engine: Engine, landing: string): Promise<WeekOfUse[]> {
  const rows = await engine.rows(`
    WITH leaver AS (
      SELECT unique_customer_identifier, min(placed) AS day
      FROM cease JOIN customer USING (customer) GROUP BY unique_customer_identifier
    ),
    weekly AS (
      SELECT leaver.unique_customer_identifier, (leaver.day - calendar_date) // 7 AS week,
        sum(CAST(usage_download_mbs AS DOUBLE)) AS download
      FROM read_parquet(${engine.literal(path.join(landing, 'usage/*.parquet'))}) AS usage
      JOIN leaver ON leaver.unique_customer_identifier = usage.unique_customer_identifier
        AND leaver.day - calendar_date BETWEEN 0 AND 55
      GROUP BY ALL
    )
    SELECT week, count(*) / (SELECT count(*) FROM leaver) AS share, avg(download) AS mean, median(download) AS median
    FROM weekly GROUP BY week ORDER BY week`);
  return rows.map((row) => ({
    week: Number(row['week']),
    share: Number(row['share']),
    mean: Number(row['mean']),
    median: Number(row['median']),
  }));
}

/** The first and the last week, and the fall between them, which is slow: there is no cliff. */
function compareWeeks(weeks: readonly WeekOfUse[]): Figure[] {
  const figures: Figure[] = [];
  for (const week of [0, 7]) {
    const published = WEEKS_BEFORE_THE_CEASE.find((entry) => entry.week === week);
    const measured = weeks.find((entry) => entry.week === week);
    for (const name of ['mean', 'median', 'share'] as const)
      figures.push({
        group: 'Before the cease: use of leavers',
        name:
          name === 'share'
            ? `leavers with recorded use in week -${String(week)}`
            : `${name} download in week -${String(week)}, MB`,
        published: published?.[name] ?? null,
        measured: measured?.[name] ?? null,
        bar: { kind: 'relative', most: MOST_RELATIVE },
        unit: name === 'share' ? 'share' : 'number',
      });
  }
  const fall = (entries: readonly WeekOfUse[]): number => {
    const at = (week: number): number => entries.find((entry) => entry.week === week)?.mean ?? NaN;
    return 1 - at(0) / at(7);
  };
  figures.push({
    group: 'Before the cease: use of leavers',
    name: 'fall of the mean from week -7 to week 0 (no cliff)',
    published: fall(WEEKS_BEFORE_THE_CEASE),
    measured: fall(weeks),
    bar: { kind: 'at most', most: 0.1 },
    unit: 'share',
  });
  return figures;
}
