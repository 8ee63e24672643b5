-- Makes: customer_info.parquet. One row per customer and monthly snapshot while the service runs, with the
-- faults of the real delivery: untrimmed text, unknown contract dates, some customer-months twice.
-- @writes customer_info.parquet

WITH state AS (
  SELECT d.place, l.month, l.day, d.unique_customer_identifier, d.has_no_contract, d.technology, d.speed, d.crm_package_name,
         d.sales_channel, d.line_speed, d.is_capped, d.is_unused_order,
         l.day - l.contract_end AS ooc_days,
         l.day - l.contract_start AS contract_days,
         l.day - d.joined_day AS tenure_days,
         coalesce(l.payment_cancelled <= l.day, FALSE) AS has_cancelled,
         coalesce(l.payment_cancelled <= l.day AND l.payment_cancelled > l.day - 60, FALSE) AS has_cancelled_lately,
         -- Where the router stays plugged in, a silent line still reports its speed.
         coalesce(l.silent_day <= l.day, FALSE) AND draw('unplugged', l.person, 0) < getvariable('unplugged') AS is_silent,
         bits('delivery', l.person, l.month) AS h
  FROM life AS l
  JOIN delivered AS d USING (person)
  WHERE l.month >= 0
    AND (l.placed_day IS NOT NULL OR is_listed(l.person, l.completed_day))
),
described AS (
  SELECT *,
         CASE WHEN contract_days < 60 THEN '01 Early Contract'
              WHEN ooc_days < -90 THEN '02 In Contract'
              WHEN ooc_days < -30 THEN '03 Soon to be OOC'
              WHEN ooc_days < 0 THEN '04 Coming OOC'
              WHEN ooc_days < 90 THEN '05 Newly OOC'
              ELSE '06 OOC' END AS contract_status,
         (h & 1023) / 1024.0 AS u,
         ((h >> 10) & 1023) / 1024.0 AS v,
         ((h >> 20) & 1023) / 1024.0 AS w,
         ((h >> 30) & 1023) / 1024.0 AS jitter,
         CASE WHEN ((h >> 40) & 65535) / 65536.0 < getvariable('duplicate_share') THEN 2 ELSE 1 END AS copies
  FROM state
)
SELECT unique_customer_identifier,
       day_date(day) AS datevalue,
       as_delivered(contract_status, u) AS contract_status,
       has_cancelled::BIGINT AS contract_dd_cancels,
       has_cancelled_lately::INTEGER AS dd_cancel_60_day,
       CASE WHEN NOT has_no_contract THEN ooc_days::INTEGER END AS ooc_days,
       as_delivered(technology, v) AS technology,
       speed::INTEGER AS speed,
       CASE WHEN is_silent OR line_speed <= 0 OR (is_unused_order AND tenure_days < 100) THEN 0
            WHEN is_capped THEN round(line_speed, 3)
            ELSE round(line_speed * (1 - 0.01 * jitter * jitter), 3) END::DOUBLE AS line_speed,
       as_delivered(sales_channel, w) AS sales_channel,
       as_delivered(crm_package_name, jitter) AS crm_package_name,
       tenure_days::INTEGER AS tenure_days
FROM (SELECT *, unnest(range(copies)) AS copy FROM described)
ORDER BY day, place, copy
