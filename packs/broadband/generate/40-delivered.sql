-- Makes: delivered. The customers of the delivery, in the order of their identifiers.

CREATE OR REPLACE TABLE delivered AS
SELECT row_number() OVER (ORDER BY unique_customer_identifier)::INTEGER AS place, person.*
FROM person
WHERE person IN (SELECT person FROM life WHERE month >= 0)
ORDER BY place;
