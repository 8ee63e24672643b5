/** The generated raw files as the published analyses saw them: snapshots with labels and `_30d` columns. */
import path from 'node:path';
import type { Engine } from '../../src/engine/index.ts';
import type { PublishedFacts } from './published-facts.ts';

/** The last training and validation snapshots are before these days. */
export const VALIDATION_FROM = '2024-04-01';
export const TEST_FROM = '2024-07-01';

/** Columns `calls_<name>_30d` with the call types they count, as published. */
const CALL_COLUMNS = {
  Tech: `call_type = 'Tech'`,
  CSandB: `call_type = 'CS&B'`,
  Loyalty: `call_type = 'Loyalty'`,
  Customer_Finance: `call_type = 'Customer Finance'`,
  FTTP: `call_type = 'FTTP'`,
  nan: 'call_type IS NULL',
} as const;

/**
 * Columns over 30 days count from T-30 to T, the day of the snapshot included: the published share without use
 * (11.7 %) is smaller than the first two snapshots together (12.8 %), so that the second one, whose only day of
 * use is its own, must have had some. Columns that begin with `own_` end the day before, as Holdfast's do.
 *
 * Makes the tables `customer`, `info`, `calls`, `cease` and `snapshot`. Customers are numbers there: joins on
 * 64 characters would not fit into the memory that Holdfast gives itself.
 */
export async function makeRawTables(engine: Engine, landing: string, facts: PublishedFacts): Promise<void> {
  const file = (name: string): string => engine.literal(path.join(landing, name));
  await engine.execute(`
    CREATE OR REPLACE TABLE customer AS
    SELECT unique_customer_identifier, row_number() OVER (ORDER BY unique_customer_identifier)::INTEGER AS customer
    FROM (SELECT DISTINCT unique_customer_identifier FROM read_parquet(${file('customer_info.parquet')}))`);
  await engine.execute(`
    CREATE OR REPLACE TABLE info AS
    SELECT customer, datevalue AS day, trim(contract_status) AS contract_status, contract_dd_cancels,
      dd_cancel_60_day, ooc_days, trim(technology) AS technology, speed, line_speed,
      trim(sales_channel) AS sales_channel, trim(crm_package_name) AS crm_package_name, tenure_days,
      row_number() OVER (PARTITION BY customer, datevalue) AS delivery
    FROM read_parquet(${file('customer_info.parquet')}) JOIN customer USING (unique_customer_identifier)`);
  await engine.execute(`
    CREATE OR REPLACE TABLE calls AS
    SELECT customer, CAST(event_date AS DATE) AS day, trim(call_type) AS call_type, talk_time_seconds, hold_time_seconds
    FROM read_csv(${file('calls.csv')}, header = true,
      types = {'event_date': 'DATE', 'talk_time_seconds': 'DOUBLE', 'hold_time_seconds': 'DOUBLE'})
    JOIN customer USING (unique_customer_identifier)`);
  await engine.execute(`
    CREATE OR REPLACE TABLE cease AS
    SELECT customer, CAST(cease_placed_date AS DATE) AS placed, TRY_CAST(cease_completed_date AS DATE) AS completed,
      trim(reason_description_insight) AS reason
    FROM read_csv(${file('cease.csv')}, header = true, all_varchar = true)
    JOIN customer USING (unique_customer_identifier)`);
  // A first of a month belongs to the snapshot of that day, and of a month of 30 days also to the next one.
  await engine.execute(`
    CREATE OR REPLACE TABLE usage_30d AS
    WITH daily AS (
      SELECT unique_customer_identifier, calendar_date, CAST(usage_download_mbs AS DOUBLE) AS download,
        CAST(usage_upload_mbs AS DOUBLE) AS upload,
        CAST(date_trunc('month', calendar_date) + INTERVAL 1 MONTH AS DATE) AS next
      FROM read_parquet(${file('usage/*.parquet')})
    ),
    windows AS (
      SELECT * EXCLUDE (next), next AS day FROM daily WHERE calendar_date >= next - 30
      UNION ALL
      SELECT * EXCLUDE (next), calendar_date AS day FROM daily WHERE day(calendar_date) = 1
    ),
    monthly AS (
      SELECT unique_customer_identifier, day, avg(download) AS avg_download_30d, sum(download) AS sum_download_30d,
        avg(upload) AS avg_upload_30d, sum(upload) AS sum_upload_30d,
        avg(download) FILTER (WHERE calendar_date < day) AS own_avg_download_30d,
        sum(download) FILTER (WHERE calendar_date < day) AS own_sum_download_30d,
        avg(upload) FILTER (WHERE calendar_date < day) AS own_avg_upload_30d,
        sum(upload) FILTER (WHERE calendar_date < day) AS own_sum_upload_30d
      FROM windows
      GROUP BY unique_customer_identifier, day
    )
    SELECT customer, monthly.* EXCLUDE (unique_customer_identifier)
    FROM monthly JOIN customer USING (unique_customer_identifier)`);
  await makeSnapshots(engine, facts);
}

async function makeSnapshots(engine: Engine, facts: PublishedFacts): Promise<void> {
  const counts = Object.entries(CALL_COLUMNS).map(
    ([name, condition]) => `count(*) FILTER (WHERE ${condition}) AS calls_${name}_30d`,
  );
  const callColumns = Object.keys(CALL_COLUMNS).map(
    (name) => `coalesce(calls_${name}_30d, 0) AS calls_${name}_30d`,
  );
  const usageColumns = ['avg_download', 'sum_download', 'avg_upload', 'sum_upload']
    .flatMap((name) => [`${name}_30d`, `own_${name}_30d`])
    .map((name) => `coalesce(${name}, 0) AS ${name}`)
    .join(', ');
  const code = (column: string): string => {
    const values = (facts.categories[column] ?? []).map((value) => engine.literal(value)).join(', ');
    return `list_position([${values}], ${column}) - 1 AS ${column}_code`;
  };
  await engine.execute(`
    CREATE OR REPLACE TABLE snapshot AS
    WITH once AS (SELECT * EXCLUDE (delivery) FROM info WHERE delivery = 1),
    call_windows AS (
      SELECT once.customer, once.day, count(*) AS calls_30d, avg(talk_time_seconds) AS talk, avg(hold_time_seconds) AS hold,
        avg(talk_time_seconds) FILTER (WHERE calls.day < once.day) AS own_talk,
        avg(hold_time_seconds) FILTER (WHERE calls.day < once.day) AS own_hold,
        ${counts.join(', ')}
      FROM once JOIN calls ON calls.customer = once.customer AND calls.day <= once.day AND calls.day >= once.day - 30
      GROUP BY once.customer, once.day
    ),
    positives AS (
      SELECT DISTINCT once.customer, once.day
      FROM once JOIN cease ON cease.customer = once.customer AND placed > once.day AND placed <= once.day + 30
    )
    SELECT once.*, ${code('sales_channel')}, ${code('crm_package_name')},
      CASE WHEN once.day < DATE '${VALIDATION_FROM}' THEN 'train' WHEN once.day < DATE '${TEST_FROM}' THEN 'validation' ELSE 'test' END AS split,
      CASE WHEN positives.customer IS NULL THEN 0 ELSE 1 END AS label,
      coalesce(calls_30d, 0) AS calls_30d, coalesce(talk, 0) AS avg_talk_time_30d, coalesce(hold, 0) AS avg_hold_time_30d,
      ${callColumns.join(', ')},
      coalesce(own_talk, 0) AS own_avg_talk_time_30d, coalesce(own_hold, 0) AS own_avg_hold_time_30d,
      ${usageColumns}
    FROM once
    LEFT JOIN call_windows USING (customer, day)
    LEFT JOIN usage_30d USING (customer, day)
    LEFT JOIN positives USING (customer, day)`);
}

/**
 * Adds to `snapshot` what Holdfast's own rules say: `own_label` (NULL where unknown) and `own_at_risk`, from the
 * labels that the workspace's build has made.
 */
export async function addOwnLabels(engine: Engine, labelsTable: string, labelColumn: string): Promise<void> {
  await engine.execute(`
    CREATE OR REPLACE TABLE snapshot AS
    SELECT snapshot.*, own.${labelColumn} AS own_label, own.at_risk AS own_at_risk
    FROM snapshot
    LEFT JOIN (
      SELECT customer.customer, observation_date AS day, ${labelColumn}, at_risk
      FROM ${labelsTable} JOIN customer USING (unique_customer_identifier)
    ) AS own USING (customer, day)`);
}
