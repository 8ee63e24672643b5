-- grain: one row a cease order
-- owner: data engineering
-- keys: unique_customer_identifier, cease_placed_date
-- cluster_by: unique_customer_identifier, cease_placed_date
-- description: Cease orders with typed dates. An order without a completion date is open or was withdrawn.
WITH typed AS (
  SELECT
    trim(unique_customer_identifier) AS unique_customer_identifier,
    CAST(cease_placed_date AS DATE) AS cease_placed_date,
    try_cast(nullif(nullif(trim(cease_completed_date), ''), 'null') AS DATE) AS cease_completed_date,
    nullif(trim(reason_description), '') AS reason_description,
    nullif(trim(reason_description_insight), '') AS reason_description_insight
  FROM bronze.raw_cease
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
  FROM typed
)
SELECT * FROM derived
