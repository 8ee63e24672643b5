-- grain: one row a customer
-- owner: data engineering
-- keys: customer_id
-- cluster_by: customer_id
-- description: Customers with trimmed texts, empty ones as NULL, and the total charge as a number.
WITH typed AS (
  SELECT
    nullif(trim(customerID), '') AS customer_id,
    nullif(trim(gender), '') AS gender,
    SeniorCitizen AS senior_citizen, -- 1 from 65 years on, else 0
    nullif(trim(Partner), '') AS partner,
    nullif(trim(Dependents), '') AS dependents,
    tenure AS tenure_months, -- whole months since the customer joined
    nullif(trim(PhoneService), '') AS phone_service,
    nullif(trim(MultipleLines), '') AS multiple_lines,
    nullif(trim(InternetService), '') AS internet_service,
    nullif(trim(OnlineSecurity), '') AS online_security,
    nullif(trim(OnlineBackup), '') AS online_backup,
    nullif(trim(DeviceProtection), '') AS device_protection,
    nullif(trim(TechSupport), '') AS tech_support,
    nullif(trim(StreamingTV), '') AS streaming_tv,
    nullif(trim(StreamingMovies), '') AS streaming_movies,
    nullif(trim(Contract), '') AS contract,
    nullif(trim(PaperlessBilling), '') AS paperless_billing,
    nullif(trim(PaymentMethod), '') AS payment_method,
    MonthlyCharges AS monthly_charges, -- USD of the last bill
    try_cast(nullif(trim(TotalCharges), '') AS DOUBLE) AS total_charges, -- USD of all bills; NULL before the first one
    lower(trim(Churn)) AS churn -- yes: left within the last month
  FROM bronze.customers
)
SELECT * FROM typed
