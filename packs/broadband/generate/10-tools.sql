-- Makes: the calendar (table month) and the draws that everything else is made of.
--
-- A draw is a hash of (seed, stream name, who, step), so the same seed gives the same company whatever the
-- number of threads, and one stream can change without disturbing another. Days are integers: days since
-- 1970-01-01.

-- 64 bits. Who and step are packed and hashed once: the engine's hash of several values combines the last one by
-- exclusive or, which would tie all months of a person to each other.
CREATE OR REPLACE MACRO bits(stream, who, step) AS
  hash(xor(hash(getvariable('seed'), stream), (who::BIGINT * 1048576 + step + 65536)::UBIGINT));

-- Uniform from 0 to below 1.
CREATE OR REPLACE MACRO draw(stream, who, step) AS (bits(stream, who, step) >> 11)::DOUBLE / 9007199254740992.0;

-- Standard normal from a uniform (Tukey's lambda with .14; within .01 between -2.3 and 2.3).
CREATE OR REPLACE MACRO normal(u) AS
  (power(u + 1e-9, 0.135) - power(1 - u + 1e-9, 0.135)) / 0.1975;

-- Share of the standard normal below z (logistic approximation).
CREATE OR REPLACE MACRO share_below(z) AS 1 / (1 + exp(-1.702 * (z)));

-- Value at share u of a list of equally spaced quantiles.
CREATE OR REPLACE MACRO at_quantile(quantiles, u) AS
  quantiles[1 + floor(u * (len(quantiles) - 1))::INTEGER]
  + (u * (len(quantiles) - 1) - floor(u * (len(quantiles) - 1)))
  * (quantiles[2 + floor(u * (len(quantiles) - 1))::INTEGER]
     - quantiles[1 + floor(u * (len(quantiles) - 1))::INTEGER]);

CREATE OR REPLACE MACRO day_number(d) AS CAST(d AS DATE) - DATE '1970-01-01';
CREATE OR REPLACE MACRO day_date(n) AS DATE '1970-01-01' + n::INTEGER;

-- Most lines drop out of the snapshots when their cease is booked, not when the service ends.
CREATE OR REPLACE MACRO is_listed(who, leaving_day) AS
  leaving_day IS NULL OR draw('listed to the end', who, 0) < getvariable('listed_to_the_end');

-- Some texts arrive untrimmed.
CREATE OR REPLACE MACRO as_delivered(text, u) AS
  CASE WHEN u < getvariable('untrimmed_share') * 0.7 THEN text || ' '
       WHEN u < getvariable('untrimmed_share') THEN ' ' || text
       ELSE text END;

-- One row a month, from the warm-up (negative) to the last snapshot: T, and the day the month ends on, which
-- is the next T (the last month has one day only).
CREATE OR REPLACE TABLE month AS
WITH numbered AS (
  SELECT number AS month,
         CAST(CAST(getvariable('from') AS DATE) + to_months(number::INTEGER) AS DATE) AS snapshot_date,
         CAST(CAST(getvariable('from') AS DATE) + to_months(number::INTEGER + 1) AS DATE) AS next_date
  FROM range(-getvariable('warm_up_months'), 1200) AS numbers(number)
)
SELECT month::INTEGER AS month,
       snapshot_date,
       day_number(snapshot_date) AS day,
       least(day_number(next_date), day_number(getvariable('to'))) AS next_day,
       day_number(next_date) AS month_end_day
FROM numbered
WHERE snapshot_date <= CAST(getvariable('to') AS DATE)
ORDER BY month;
