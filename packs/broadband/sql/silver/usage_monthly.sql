-- grain: one row a customer and month
-- owner: data engineering
-- keys: unique_customer_identifier, month_key
-- cluster_by: unique_customer_identifier, month_key
-- description: Daily traffic added up by month. Sums are exact decimals, so that the order of rows cannot show.
--   A day that was delivered more than once counts once, with its largest total.
-- The daily rows are named twice instead of in a CTE of their own: an engine would keep such a CTE's millions of rows.
WITH months AS (
  SELECT
    unique_customer_identifier,
    month_key,
    count(*) AS daily_rows,
    bit_count(bit_or(CAST(1 AS BIGINT) << day(calendar_date))) AS active_days,
    sum(CAST(usage_download_mbs AS DECIMAL(18, 3))) AS download_sum,
    sum(CAST(usage_upload_mbs AS DECIMAL(18, 3))) AS upload_sum,
    sum(CAST(usage_total_mbs AS DECIMAL(18, 3))) AS total_sum,
    sum(CAST(usage_total_mbs AS DECIMAL(19, 3)) * CAST(usage_total_mbs AS DECIMAL(18, 3))) AS total_sum_of_squares,
    count(usage_download_mbs) AS download_days,
    count(usage_total_mbs) AS total_days,
    CAST(max(usage_total_mbs) AS DECIMAL(18, 3)) AS total_max,
    CAST(min(usage_total_mbs) AS DECIMAL(18, 3)) AS total_min
  FROM silver.usage_daily
  GROUP BY unique_customer_identifier, month_key
),
repeated AS (
  SELECT unique_customer_identifier, month_key, daily_rows FROM months WHERE daily_rows > active_days
),
single_days AS (
  SELECT
    daily.unique_customer_identifier,
    daily.month_key,
    daily.calendar_date,
    CAST(max(daily.usage_download_mbs) AS DECIMAL(18, 3)) AS download,
    CAST(max(daily.usage_upload_mbs) AS DECIMAL(18, 3)) AS upload,
    CAST(max(daily.usage_total_mbs) AS DECIMAL(18, 3)) AS total,
    max(repeated.daily_rows) AS daily_rows
  FROM silver.usage_daily AS daily
  JOIN repeated
    ON repeated.unique_customer_identifier = daily.unique_customer_identifier
    AND repeated.month_key = daily.month_key
  GROUP BY daily.unique_customer_identifier, daily.month_key, daily.calendar_date
),
repaired AS (
  SELECT
    unique_customer_identifier,
    month_key,
    max(daily_rows) AS daily_rows,
    count(*) AS active_days,
    sum(download) AS download_sum,
    sum(upload) AS upload_sum,
    sum(total) AS total_sum,
    sum(CAST(total AS DECIMAL(19, 3)) * total) AS total_sum_of_squares,
    count(download) AS download_days,
    count(total) AS total_days,
    max(total) AS total_max,
    min(total) AS total_min
  FROM single_days
  GROUP BY unique_customer_identifier, month_key
),
complete AS (
  SELECT * FROM months WHERE daily_rows = active_days
  UNION ALL
  SELECT * FROM repaired
),
derived AS (
  SELECT
    unique_customer_identifier,
    month_key, -- first day of the month
    CAST(last_day(month_key) AS DATE) AS available_on, -- the month is known when it is over
    CAST(active_days AS INTEGER) AS active_days, -- days with a record
    CAST(daily_rows AS INTEGER) AS daily_rows, -- records delivered, above active_days where days were repeated
    CAST(download_sum AS DOUBLE) AS download_mbs_sum,
    CAST(upload_sum AS DOUBLE) AS upload_mbs_sum,
    CAST(total_sum AS DOUBLE) AS total_mbs_sum,
    CAST(download_sum AS DOUBLE) / nullif(download_days, 0) AS download_mbs_mean, -- a recorded day
    CAST(total_sum AS DOUBLE) / nullif(total_days, 0) AS total_mbs_mean, -- a recorded day
    stddev_exact(total_days, total_sum, total_sum_of_squares) AS total_mbs_stddev, -- between days, n - 1
    CAST(total_max AS DOUBLE) AS total_mbs_max,
    CAST(total_min AS DOUBLE) AS total_mbs_min
  FROM complete
)
SELECT * FROM derived
