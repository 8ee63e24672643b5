-- grain: one row a customer and observation date
-- owner: data science
-- keys: unique_customer_identifier, observation_date
-- description: The 32 features as they were known on the observation date.
--   Reads known.* only: a row there was available before the observation date, or is the snapshot of that day.
WITH call_features AS (
  SELECT
    unique_customer_identifier,
    observation_date,
    count(*) FILTER (WHERE event_date >= add_days(observation_date, -30)) AS calls_30d,
    count(*) FILTER (WHERE event_date >= add_days(observation_date, -90)) AS calls_90d,
    count(*) AS calls_180d,
    count(*) FILTER (WHERE event_date >= add_days(observation_date, -90) AND is_loyalty_call = 1) AS loyalty_calls_90d,
    count(*) FILTER (WHERE event_date >= add_days(observation_date, -90) AND is_complaint_call = 1) AS complaint_calls_90d,
    count(*) FILTER (WHERE event_date >= add_days(observation_date, -90) AND is_tech_call = 1) AS tech_calls_90d,
    CAST(sum(CAST(talk_time_seconds AS DECIMAL(18, 3))) AS DOUBLE) / nullif(count(talk_time_seconds), 0) AS avg_talk_time,
    CAST(sum(CAST(hold_time_seconds AS DECIMAL(18, 3))) AS DOUBLE) / nullif(count(hold_time_seconds), 0) AS avg_hold_time,
    max(hold_time_seconds) AS max_hold_time,
    days_between(max(event_date), observation_date) AS days_since_last_call
  FROM known.calls
  GROUP BY unique_customer_identifier, observation_date
),
usage_months AS (
  SELECT
    unique_customer_identifier,
    observation_date,
    months_apart(month_key, observation_date) AS months_ago,
    download_mbs_sum,
    upload_mbs_sum,
    total_mbs_sum,
    download_mbs_mean,
    total_mbs_stddev,
    active_days,
    total_mbs_max
  FROM known.usage_monthly
),
usage_lags AS (
  SELECT
    unique_customer_identifier,
    observation_date,
    max(download_mbs_sum) FILTER (WHERE months_ago = 1) AS monthly_download_mb,
    max(upload_mbs_sum) FILTER (WHERE months_ago = 1) AS monthly_upload_mb,
    max(total_mbs_sum) FILTER (WHERE months_ago = 1) AS monthly_total_mb,
    max(download_mbs_mean) FILTER (WHERE months_ago = 1) AS avg_daily_download_mb,
    max(total_mbs_stddev) FILTER (WHERE months_ago = 1) AS std_daily_total_mb,
    max(active_days) FILTER (WHERE months_ago = 1) AS active_days_in_month,
    max(total_mbs_max) FILTER (WHERE months_ago = 1) AS peak_daily_total_mb,
    max(total_mbs_sum) FILTER (WHERE months_ago = 2) AS total_before,
    CAST(sum(CAST(total_mbs_sum AS DECIMAL(18, 3))) FILTER (WHERE months_ago IN (2, 3, 4)) AS DOUBLE)
      / nullif(count(total_mbs_sum) FILTER (WHERE months_ago IN (2, 3, 4)), 0) AS total_mean_before
  FROM usage_months
  GROUP BY unique_customer_identifier, observation_date
),
usage_features AS (
  SELECT
    unique_customer_identifier,
    observation_date,
    monthly_download_mb,
    monthly_upload_mb,
    monthly_total_mb,
    avg_daily_download_mb,
    std_daily_total_mb,
    active_days_in_month,
    peak_daily_total_mb,
    (monthly_total_mb - total_before) / nullif(total_before, 0) AS usage_mom_change, -- share, -0.15 is 15 % less
    (monthly_total_mb - total_mean_before) / nullif(total_mean_before, 0) AS usage_vs_3mo_avg -- share of the three months before
  FROM usage_lags
),
cease_features AS (
  SELECT
    unique_customer_identifier,
    observation_date,
    count(*) AS prior_cease_count,
    days_between(max(cease_placed_date), observation_date) AS days_since_last_cease
  FROM known.cease
  GROUP BY unique_customer_identifier, observation_date
),
assembled AS (
  SELECT
    spine.unique_customer_identifier,
    spine.observation_date,
    snapshot.contract_status_ord,
    snapshot.contract_dd_cancels,
    snapshot.dd_cancel_60_day,
    snapshot.ooc_days,
    snapshot.speed,
    snapshot.line_speed,
    snapshot.speed_gap_pct,
    snapshot.tenure_days,
    coalesce(calls.calls_30d, 0) AS calls_30d,
    coalesce(calls.calls_90d, 0) AS calls_90d,
    coalesce(calls.calls_180d, 0) AS calls_180d,
    coalesce(calls.loyalty_calls_90d, 0) AS loyalty_calls_90d,
    coalesce(calls.complaint_calls_90d, 0) AS complaint_calls_90d,
    coalesce(calls.tech_calls_90d, 0) AS tech_calls_90d,
    calls.avg_talk_time,
    calls.avg_hold_time,
    calls.max_hold_time,
    calls.days_since_last_call,
    traffic.monthly_download_mb,
    traffic.monthly_upload_mb,
    traffic.monthly_total_mb,
    traffic.avg_daily_download_mb,
    traffic.std_daily_total_mb,
    traffic.active_days_in_month,
    traffic.peak_daily_total_mb,
    traffic.usage_mom_change,
    traffic.usage_vs_3mo_avg,
    coalesce(ceases.prior_cease_count, 0) AS prior_cease_count,
    ceases.days_since_last_cease,
    snapshot.technology,
    snapshot.sales_channel,
    snapshot.tenure_bucket
  FROM known.spine AS spine
  LEFT JOIN known.customer_info AS snapshot
    ON snapshot.unique_customer_identifier = spine.unique_customer_identifier
    AND snapshot.observation_date = spine.observation_date
  LEFT JOIN call_features AS calls
    ON calls.unique_customer_identifier = spine.unique_customer_identifier
    AND calls.observation_date = spine.observation_date
  LEFT JOIN usage_features AS traffic
    ON traffic.unique_customer_identifier = spine.unique_customer_identifier
    AND traffic.observation_date = spine.observation_date
  LEFT JOIN cease_features AS ceases
    ON ceases.unique_customer_identifier = spine.unique_customer_identifier
    AND ceases.observation_date = spine.observation_date
)
SELECT * FROM assembled
