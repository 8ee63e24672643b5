/** Counts, base rates, calls by type, categories and reasons. */
import { type Engine, textOf } from '../../src/engine/index.ts';
import type { Figure } from './figure.ts';
import {
  BASE_RATES,
  CALLS_BY_TYPE,
  CHANNEL_OF_LEAVERS,
  COUNTS,
  type PublishedFacts,
  REASONS,
  SPEED,
  TECHNOLOGY,
} from './published-facts.ts';

/** Rows that count under Holdfast's own rules: the outcome is known and the customer may still leave. */
export const OWN_ROWS = 'own_at_risk = 1 AND own_label IS NOT NULL';

const number = async (engine: Engine, sql: string): Promise<number> => {
  const [row] = await engine.rows(`SELECT (${sql}) AS value`);
  return Number(row?.['value'] ?? NaN);
};

export async function compareCounts(engine: Engine, usageRows: number): Promise<Figure[]> {
  const measured: Record<keyof typeof COUNTS, number> = {
    snapshots: await number(engine, 'SELECT count(*) FROM info'),
    'repeated customer-months': await number(engine, 'SELECT count(*) FROM info WHERE delivery > 1'),
    'usage days': usageRows,
    calls: await number(engine, 'SELECT count(*) FROM calls'),
    'cease orders': await number(engine, 'SELECT count(*) FROM cease'),
    'customers who placed a cease': await number(engine, 'SELECT count(DISTINCT customer) FROM cease'),
    'customers whose cease was completed': await number(
      engine,
      'SELECT count(DISTINCT customer) FROM cease WHERE completed IS NOT NULL',
    ),
  };
  const counts = Object.entries(COUNTS).map(([name, published]): Figure => ({
    group: 'Counts',
    name,
    published,
    measured: measured[name as keyof typeof COUNTS],
    unit: 'count',
  }));
  const tenure = await number(
    engine,
    `SELECT avg(CAST(tenure_days - before = day - day_before AS INTEGER)) FROM (
       SELECT day, tenure_days, lag(day) OVER w AS day_before, lag(tenure_days) OVER w AS before
       FROM snapshot WINDOW w AS (PARTITION BY customer ORDER BY day))
     WHERE before IS NOT NULL`,
  );
  return [
    ...counts,
    {
      group: 'Counts',
      name: 'snapshots whose tenure is the one before plus the days between',
      published: null,
      measured: tenure,
      bar: { kind: 'between', least: 1, most: 1 },
      unit: 'share',
    },
  ];
}

export interface MonthRate {
  readonly month: string;
  readonly snapshots: number;
  readonly rate: number;
  readonly ownRate: number | null;
}

export async function compareBaseRates(engine: Engine): Promise<{ figures: Figure[]; months: MonthRate[] }> {
  const figures: Figure[] = [];
  for (const [split, published] of Object.entries(BASE_RATES))
    figures.push({
      group: 'Base rates',
      name: `cease within 30 days, ${split}`,
      published,
      measured: await number(engine, `SELECT avg(label) FROM snapshot WHERE split = '${split}'`),
      ownRules: await number(
        engine,
        `SELECT avg(own_label) FROM snapshot WHERE split = '${split}' AND ${OWN_ROWS}`,
      ),
      bar: { kind: 'difference', most: 0.003 },
      unit: 'share',
    });
  const rows = await engine.rows(
    `SELECT strftime(day, '%Y-%m') AS month, count(*) AS n, avg(label) AS rate,
       avg(own_label) FILTER (WHERE ${OWN_ROWS}) AS own_rate
     FROM snapshot GROUP BY month ORDER BY month`,
  );
  return {
    figures,
    months: rows.map((row) => ({
      month: textOf(row['month']),
      snapshots: Number(row['n']),
      rate: Number(row['rate']),
      ownRate: row['own_rate'] === null ? null : Number(row['own_rate']),
    })),
  };
}

/** Fewer published rows than this say nothing within a tenth. */
const LEAST_ROWS = 2_000;

export async function compareCalls(engine: Engine, facts: PublishedFacts): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { feature, threshold, rowsAbove, shareAbove } of facts.rootShares) {
    if (!feature.startsWith('calls_')) continue;
    figures.push({
      group: 'Calls in 30 days',
      name: `${feature} above ${String(threshold)}`,
      published: shareAbove,
      measured: await number(
        engine,
        `SELECT avg(CAST(${feature} > ${String(threshold)} AS INTEGER)) FROM snapshot WHERE split = 'train'`,
      ),
      ...(rowsAbove < LEAST_ROWS ? {} : { bar: { kind: 'relative', most: 0.1 } }),
      unit: 'share',
    });
  }
  const rows = await engine.rows(
    `SELECT coalesce(call_type, 'null') AS value, count(*) / sum(count(*)) OVER () AS share FROM calls GROUP BY call_type`,
  );
  const measured = sharesOf(rows);
  const total = COUNTS.calls;
  for (const [type, calls] of Object.entries(CALLS_BY_TYPE))
    figures.push({
      group: 'Calls by type',
      name: type === 'null' ? 'without a type' : type,
      published: calls / total,
      measured: measured.get(type) ?? 0,
      ...(calls / total < 0.01 ? {} : { bar: { kind: 'relative', most: 0.1 } }),
      unit: 'share',
    });
  return figures;
}

export async function compareCategories(engine: Engine, facts: PublishedFacts): Promise<Figure[]> {
  const latest = (column: string, where = 'true'): string =>
    `SELECT CAST(value AS VARCHAR) AS value, count(*) / sum(count(*)) OVER () AS share
     FROM (SELECT customer, max_by(${column}, day) AS value FROM snapshot GROUP BY customer)
     WHERE ${where} GROUP BY value`;
  const left = 'customer IN (SELECT customer FROM cease WHERE completed IS NOT NULL)';
  const groups: readonly [string, Readonly<Record<string, number>>, string, number][] = [
    ['Technology of customers', sharesOfCounts(TECHNOLOGY), latest('technology'), 0.02],
    ['Speed of customers, Mbit/s', sharesOfCounts(SPEED), latest('speed'), 0.02],
    ['Sales channel of leavers', CHANNEL_OF_LEAVERS, latest('sales_channel', left), 0.02],
    [
      'Reasons for leaving',
      REASONS,
      `SELECT reason AS value, count(*) / sum(count(*)) OVER () AS share
       FROM (SELECT DISTINCT customer, reason FROM cease WHERE completed IS NOT NULL) GROUP BY reason`,
      0.03,
    ],
  ];
  const figures: Figure[] = [];
  for (const [group, published, sql, most] of groups) {
    const measured = sharesOf(await engine.rows(sql));
    for (const [name, share] of Object.entries(published))
      figures.push({
        group,
        name,
        published: share,
        measured: measured.get(name) ?? 0,
        bar: { kind: 'difference', most },
        unit: 'share',
      });
  }
  return [...figures, ...(await compareRootShares(engine, facts))];
}

/** Shares of training snapshots below the thresholds of the published root splits. */
async function compareRootShares(engine: Engine, facts: PublishedFacts): Promise<Figure[]> {
  const coded: Readonly<Record<string, string>> = {
    sales_channel: 'sales_channel_code',
    crm_package_name: 'crm_package_name_code',
  };
  const wanted = [
    'contract_dd_cancels',
    'dd_cancel_60_day',
    'sales_channel',
    'crm_package_name',
    'speed',
    'line_speed',
    'ooc_days',
    'tenure_days',
  ];
  const figures: Figure[] = [];
  for (const { feature, threshold, shareAbove } of facts.rootShares) {
    if (!wanted.includes(feature)) continue;
    const column = coded[feature] ?? feature;
    const symbol = feature in coded ? 'code above' : 'above';
    figures.push({
      group: 'Shares of snapshots',
      name: `${feature} ${symbol} ${String(threshold)}`,
      published: shareAbove,
      measured: await number(
        engine,
        `SELECT avg(CAST(${column} > ${String(threshold)} AS INTEGER)) FROM snapshot WHERE split = 'train' AND ${column} IS NOT NULL`,
      ),
      // Where the feature is a quantity, the Kolmogorov distance is the bar.
      ...(feature in coded ? { bar: { kind: 'difference', most: 0.02 } } : {}),
      unit: 'share',
    });
  }
  return figures;
}

function sharesOfCounts(counts: Readonly<Record<string, number>>): Record<string, number> {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / total]));
}

const sharesOf = (rows: readonly Readonly<Record<string, unknown>>[]): Map<string, number> =>
  new Map(rows.map((row) => [String(row['value']), Number(row['share'])]));
