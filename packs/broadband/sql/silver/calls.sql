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
    CAST(try_cast(hold_time_seconds AS DECIMAL(18, 3)) AS DOUBLE) AS hold_time_seconds
  FROM bronze.raw_calls
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
  FROM typed
)
SELECT * FROM derived
