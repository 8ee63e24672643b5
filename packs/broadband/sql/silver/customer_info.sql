-- grain: one row a customer and monthly snapshot
-- owner: data engineering
-- keys: unique_customer_identifier, datevalue
-- cluster_by: unique_customer_identifier, datevalue
-- description: The monthly customer snapshot, trimmed, typed and without repeated customer-months.
--   Of a repeated customer-month the row that was delivered first is kept: a later one may carry hindsight.
--   Files taken together count in the order of their names.
WITH typed AS (
  SELECT
    trim(unique_customer_identifier) AS unique_customer_identifier,
    CAST(datevalue AS DATE) AS datevalue,
    nullif(nullif(trim(contract_status), ''), 'null') AS contract_status,
    contract_dd_cancels,
    dd_cancel_60_day,
    ooc_days,
    nullif(nullif(trim(technology), ''), 'null') AS technology,
    speed,
    -- NaN and infinity are above every number.
    CASE WHEN abs(line_speed) < 1000000 THEN line_speed END AS line_speed,
    nullif(nullif(trim(sales_channel), ''), 'null') AS sales_channel,
    nullif(nullif(trim(crm_package_name), ''), 'null') AS crm_package_name,
    tenure_days,
    _ingested_at,
    _source_file
  FROM bronze.raw_customer_info
),
repeated AS (
  SELECT unique_customer_identifier, datevalue
  FROM typed
  GROUP BY unique_customer_identifier, datevalue
  HAVING count(*) > 1
),
numbered AS (
  SELECT
    typed.*,
    row_number() OVER (
      PARTITION BY typed.unique_customer_identifier, typed.datevalue
      ORDER BY
        typed._ingested_at, typed._source_file, typed.contract_status NULLS LAST,
        typed.contract_dd_cancels NULLS LAST, typed.dd_cancel_60_day NULLS LAST, typed.ooc_days NULLS LAST,
        typed.technology NULLS LAST, typed.speed NULLS LAST, typed.line_speed NULLS LAST,
        typed.sales_channel NULLS LAST, typed.crm_package_name NULLS LAST, typed.tenure_days NULLS LAST
    ) AS delivery
  FROM typed
  JOIN repeated
    ON repeated.unique_customer_identifier = typed.unique_customer_identifier
    AND repeated.datevalue = typed.datevalue
),
-- Few customer-months are repeated: only those pay for the sort.
single AS (
  SELECT typed.*
  FROM typed
  ANTI JOIN repeated
    ON repeated.unique_customer_identifier = typed.unique_customer_identifier
    AND repeated.datevalue = typed.datevalue
  UNION ALL
  SELECT
    unique_customer_identifier, datevalue, contract_status, contract_dd_cancels, dd_cancel_60_day, ooc_days,
    technology, speed, line_speed, sales_channel, crm_package_name, tenure_days, _ingested_at, _source_file
  FROM numbered
  WHERE delivery = 1
),
derived AS (
  SELECT
    unique_customer_identifier,
    datevalue, -- day of the snapshot
    contract_status,
    CAST(try_cast(substr(contract_status, 1, 2) AS DOUBLE) AS INTEGER) AS contract_status_ord, -- 1 early contract ... 6 out of contract
    contract_dd_cancels, -- direct-debit cancellations in the contract period
    dd_cancel_60_day, -- direct-debit cancellations in the last 60 days
    coalesce(ooc_days, -9999) AS ooc_days, -- days out of contract, negative before its end; -9999: not known
    technology,
    speed, -- sold, Mbit/s
    line_speed, -- measured, Mbit/s
    (speed - line_speed) / nullif(CAST(speed AS DOUBLE), 0) * 100 AS speed_gap_pct, -- share of the sold speed that is missing, percent
    sales_channel,
    crm_package_name,
    tenure_days, -- days since the customer joined
    CASE
      WHEN tenure_days < 90 THEN '0-90d'
      WHEN tenure_days < 365 THEN '90d-1y'
      WHEN tenure_days < 730 THEN '1y-2y'
      WHEN tenure_days < 1095 THEN '2y-3y'
      WHEN tenure_days >= 1095 THEN '3y+'
    END AS tenure_bucket
  FROM single
)
SELECT * FROM derived
