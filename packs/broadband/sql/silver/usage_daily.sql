-- grain: one row a customer and day, as delivered
-- owner: data engineering
-- keys: unique_customer_identifier, calendar_date
-- partition_by: month_key
-- description: Daily traffic as numbers. The source holds text; what is no number becomes NULL and is counted.
--   Through a decimal with three places (one kilobyte), so that sums over it are exact.
WITH typed AS (
  SELECT
    trim(unique_customer_identifier) AS unique_customer_identifier,
    CAST(calendar_date AS DATE) AS calendar_date,
    try_cast(usage_download_mbs AS DECIMAL(18, 3)) AS download,
    try_cast(usage_upload_mbs AS DECIMAL(18, 3)) AS upload
  FROM bronze.raw_usage
),
derived AS (
  SELECT
    unique_customer_identifier,
    calendar_date,
    CAST(download AS DOUBLE) AS usage_download_mbs, -- megabytes
    CAST(upload AS DOUBLE) AS usage_upload_mbs, -- megabytes
    CAST(download + upload AS DOUBLE) AS usage_total_mbs, -- megabytes
    month_start(calendar_date) AS month_key -- first day of the month
  FROM typed
)
SELECT * FROM derived
