-- grain: one row a call
-- owner: data engineering
-- keys: unique_customer_identifier, event_date
-- cluster_by: unique_customer_identifier, event_date
-- description: Calls to the contact centre, trimmed, with flags for the departments that features count.
--   Seconds go through a decimal with three places: sums over them are exact, and NaN or infinity becomes NULL.
WITH typed AS (
  SELECT
    trim(unique_customer_identifier) AS unique_customer_identifier,
    CAST(event_date AS DATE) AS event_date,
    coalesce(nullif(nullif(trim(call_type), ''), 'null'), 'Unknown') AS call_type,
    CAST(try_cast(talk_time_seconds AS DECIMAL(18, 3)) AS DOUBLE) AS talk_time_seconds,
    CAST(try_cast(hold_time_seconds AS DECIMAL(18, 3)) AS DOUBLE) AS hold_time_seconds,
    _ingested_at,
    _source_file
  FROM bronze.raw_calls
),
numbered AS (
  SELECT
    unique_customer_identifier,
    event_date,
    call_type,
    talk_time_seconds,
    hold_time_seconds,
    row_number() OVER (
      PARTITION BY
        unique_customer_identifier, event_date, call_type, talk_time_seconds, hold_time_seconds,
        _ingested_at, _source_file
      ORDER BY event_date
    ) AS place_in_file
  FROM typed
),
-- Equal calls of one file are several calls; a file that delivers a month again repeats them and adds none.
single AS (
  SELECT DISTINCT
    unique_customer_identifier, event_date, call_type, talk_time_seconds, hold_time_seconds, place_in_file
  FROM numbered
),
derived AS (
  SELECT
    unique_customer_identifier,
    event_date,
    call_type, -- department; Unknown where the source has none
    talk_time_seconds,
    hold_time_seconds,
    CASE WHEN call_type = 'Loyalty' THEN 1 ELSE 0 END AS is_loyalty_call,
    CASE WHEN call_type = 'Complaints' THEN 1 ELSE 0 END AS is_complaint_call,
    CASE WHEN call_type = 'Tech' THEN 1 ELSE 0 END AS is_tech_call
  FROM single
)
SELECT * FROM derived
