-- grain: one row a cease order
-- owner: data engineering
-- keys: unique_customer_identifier, cease_placed_date
-- cluster_by: unique_customer_identifier, cease_placed_date
-- description: Cease orders with typed dates. An order without a completion date is open or was withdrawn.
--   An order that was delivered open and later again as completed is one order: the completed row is kept.
WITH typed AS (
  SELECT
    trim(unique_customer_identifier) AS unique_customer_identifier,
    CAST(cease_placed_date AS DATE) AS cease_placed_date,
    try_cast(nullif(nullif(trim(cease_completed_date), ''), 'null') AS DATE) AS cease_completed_date,
    nullif(nullif(trim(reason_description), ''), 'null') AS reason_description,
    nullif(nullif(trim(reason_description_insight), ''), 'null') AS reason_description_insight
  FROM bronze.raw_cease
),
numbered AS (
  SELECT
    unique_customer_identifier,
    cease_placed_date,
    cease_completed_date,
    reason_description,
    reason_description_insight,
    row_number() OVER (
      PARTITION BY unique_customer_identifier, cease_placed_date
      ORDER BY
        cease_completed_date NULLS LAST, reason_description_insight NULLS LAST, reason_description NULLS LAST
    ) AS version
  FROM typed
),
derived AS (
  SELECT
    unique_customer_identifier,
    cease_placed_date,
    cease_completed_date, -- NULL while open
    CASE WHEN cease_completed_date IS NULL THEN 0 ELSE 1 END AS is_completed,
    month_start(cease_placed_date) AS cease_month,
    reason_description,
    reason_description_insight -- condensed reason
  FROM numbered
  WHERE version = 1
)
SELECT * FROM derived
