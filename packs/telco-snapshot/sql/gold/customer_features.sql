-- grain: one row a customer and observation date
-- owner: data science
-- keys: customer_id, observation_date
-- cluster_by: customer_id
-- description: Columns of the delivery and features made of them, each from the customer's own row alone.
--   Seven features of the usual list are not here, because no column of the delivery carries them:
--   days_since_signup (there is no date), late_payment_count and billing_issues_count (no payments),
--   data_usage_level and phone_usage_level (no usage), support_calls_per_month (no calls) and
--   engagement_score (nothing of what a customer does; services taken are in service_adoption_rate).
WITH counted AS (
  SELECT
    *,
    -- Phone, further lines, internet, four protections and two streams; one that is not known counts as not taken.
    coalesce(CAST(phone_service = 'Yes' AS INTEGER), 0)
      + coalesce(CAST(multiple_lines = 'Yes' AS INTEGER), 0)
      + coalesce(CAST(internet_service <> 'No' AS INTEGER), 0)
      + coalesce(CAST(online_security = 'Yes' AS INTEGER), 0)
      + coalesce(CAST(online_backup = 'Yes' AS INTEGER), 0)
      + coalesce(CAST(device_protection = 'Yes' AS INTEGER), 0)
      + coalesce(CAST(tech_support = 'Yes' AS INTEGER), 0)
      + coalesce(CAST(streaming_tv = 'Yes' AS INTEGER), 0)
      + coalesce(CAST(streaming_movies = 'Yes' AS INTEGER), 0) AS services
  FROM known.customers
),
features AS (
  SELECT
    customer_id,
    observation_date,
    gender,
    senior_citizen,
    partner,
    dependents,
    tenure_months,
    phone_service,
    multiple_lines,
    internet_service,
    online_security,
    online_backup,
    device_protection,
    tech_support,
    streaming_tv,
    streaming_movies,
    contract,
    paperless_billing,
    payment_method,
    monthly_charges,
    total_charges,
    CAST(tenure_months < 3 AS INTEGER) AS is_new_customer, -- 1 in the first three months
    CASE
      WHEN tenure_months < 12 THEN 'New'
      WHEN tenure_months < 24 THEN 'Regular'
      WHEN tenure_months < 48 THEN 'Loyal'
      WHEN tenure_months >= 48 THEN 'Champion'
    END AS loyalty_level, -- by the year of the contract
    CASE
      WHEN tenure_months < 6 THEN '0-5m'
      WHEN tenure_months < 12 THEN '6-11m'
      WHEN tenure_months < 24 THEN '12-23m'
      WHEN tenure_months < 48 THEN '24-47m'
      WHEN tenure_months < 60 THEN '48-59m'
      WHEN tenure_months >= 60 THEN '60m+'
    END AS tenure_band, -- tenure in steps
    CAST(tenure_months AS DOUBLE) / 12 AS tenure_years, -- tenure in years
    monthly_charges * tenure_months AS customer_lifetime_value, -- USD: the present charge over the whole tenure
    monthly_charges / nullif(total_charges, 0) AS monthly_to_total_ratio, -- the last bill as a share of all bills
    monthly_charges / nullif(services, 0) AS price_per_service, -- USD a month and service
    total_charges / nullif(tenure_months, 0) AS avg_monthly_spend, -- USD: mean of all bills
    CASE
      WHEN payment_method LIKE '%(automatic)' THEN 0
      WHEN payment_method = 'Mailed check' THEN 1
      WHEN payment_method = 'Electronic check' THEN 2
    END AS payment_method_risk_score, -- 0 automatic, 1 by mail, 2 by electronic check
    CAST(payment_method LIKE '%(automatic)' AS INTEGER) AS has_autopay, -- 1 where bills are paid without the customer
    services AS total_services_count, -- of nine
    CASE internet_service
      WHEN 'No' THEN 0
      WHEN 'DSL' THEN 1
      WHEN 'Fiber optic' THEN 2
    END AS internet_service_type_encoded, -- 0 none, 1 DSL, 2 fibre
    CASE
      WHEN online_security = 'Yes' OR online_backup = 'Yes' OR device_protection = 'Yes' OR tech_support = 'Yes' THEN 1
      WHEN online_security IS NULL OR online_backup IS NULL OR device_protection IS NULL OR tech_support IS NULL
        THEN NULL
      ELSE 0
    END AS has_premium_services, -- 1 with security, backup, device protection or technical support
    CAST(services AS DOUBLE) / 9 AS service_adoption_rate, -- share of the nine services
    coalesce(CAST(streaming_tv = 'Yes' AS INTEGER), 0)
      + coalesce(CAST(streaming_movies = 'Yes' AS INTEGER), 0) AS streaming_services_count, -- of two
    CASE contract
      WHEN 'Two year' THEN 0
      WHEN 'One year' THEN 1
      WHEN 'Month-to-month' THEN 2
    END AS contract_type_risk, -- 0 two years, 1 one year, 2 month to month
    CASE contract
      WHEN 'Two year' THEN 24
      WHEN 'One year' THEN 12
      WHEN 'Month-to-month' THEN 1
    END AS contract_length_months, -- months between two chances to leave
    CAST(device_protection = 'Yes' AS INTEGER) AS has_device_protection -- 1 with device protection
  FROM counted
)
SELECT * FROM features
