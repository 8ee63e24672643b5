-- Makes: person. One row for everybody who may become a customer of the delivery: what they are and how they
-- are, for good. Starters are on the books before the first snapshot; joiners come later. `caller`,
-- `temperament`, `settled` and `usage_level` are never delivered: they show only in what people do.

CREATE OR REPLACE TABLE person AS
WITH size AS (
  SELECT round(getvariable('customers') * getvariable('joiner_share'))::BIGINT AS joiners,
         ceil(getvariable('customers') * (1 + getvariable('warm_up_surplus')) + 20)::BIGINT AS starters,
         (SELECT min(day) FROM month) AS first_day,
         (SELECT day FROM month WHERE month = 0) AS start_day
),
arrival AS (
  SELECT number::INTEGER AS person,
         number >= starters AS is_joiner,
         CASE WHEN number >= starters
              THEN start_day + 1 + floor(least(getvariable('joining_days'),
                     day_number(getvariable('to')) - start_day - 1)
                     * (1 - sqrt(draw('joining', number, 0))))::INTEGER
              ELSE first_day - floor(at_quantile(getvariable('tenure_quantiles'), draw('tenure', number, 0)))::INTEGER
         END AS joined_day
  FROM size, range(starters + joiners) AS people(number)
),
temperament AS (
  SELECT *,
         NOT is_joiner AND draw('settled', person, 0) < 1 / (1 + exp(
           -((SELECT first_day FROM size) - joined_day - getvariable('rooted_tenure_days'))
           / getvariable('rooted_spread_days')::DOUBLE)) AS settled
  FROM arrival
),
channel_edge AS (
  SELECT sales_channel, switching,
         sum(recent) OVER (ORDER BY sales_channel) / sum(recent) OVER () AS recent_to,
         (sum(recent) OVER (ORDER BY sales_channel) - recent) / sum(recent) OVER () AS recent_from,
         sum(settled) OVER (ORDER BY sales_channel) / sum(settled) OVER () AS settled_to,
         (sum(settled) OVER (ORDER BY sales_channel) - settled) / sum(settled) OVER () AS settled_from
  FROM channel
),
product_edge AS (
  SELECT *,
         sum(share) OVER (ORDER BY technology, speed, crm_package_name) / sum(share) OVER () AS share_to,
         (sum(share) OVER (ORDER BY technology, speed, crm_package_name) - share) / sum(share) OVER () AS share_from
  FROM product
),
chosen AS (
  SELECT t.person, t.is_joiner, t.joined_day, t.settled,
         c.sales_channel, c.switching AS channel_factor,
         p.technology, p.speed, p.crm_package_name, p.line_cap, p.usage,
         draw('unmeasured', t.person, 0) < p.unmeasured AS is_unmeasured,
         t.is_joiner AND draw('unused order', t.person, 0) < 0.12 AS is_unused_order
  FROM (SELECT *, draw('channel', person, 0) AS u, draw('product', person, 0) AS v FROM temperament) AS t
  JOIN channel_edge AS c
    ON t.u >= CASE WHEN t.settled THEN c.settled_from ELSE c.recent_from END
   AND t.u < CASE WHEN t.settled THEN c.settled_to ELSE c.recent_to END
  JOIN product_edge AS p ON t.v >= p.share_from AND t.v < p.share_to
),
line AS (
  SELECT *,
         -- What the wire can carry, before the product's cap.
         CASE technology
           WHEN 'MPF' THEN at_quantile([0.8, 3.2, 5.5, 8.0, 10.5, 13.0, 15.5, 17.5, 19.5, 21.5, 24.0], draw('line', person, 0))
           WHEN 'FTTC' THEN at_quantile([4.0, 20.0, 29.0, 36.5, 44.0, 51.0, 58.0, 64.5, 71.0, 77.0, 84.0, 95.0, 110.0], draw('line', person, 0))
           ELSE line_cap * (1.02 - 0.45 * power(draw('line', person, 0), 4))
         END AS line_potential
  FROM chosen
)
SELECT person,
       sha256('customer ' || getvariable('seed') || ' ' || person) AS unique_customer_identifier,
       is_joiner,
       joined_day,
       settled,
       sales_channel,
       channel_factor,
       technology,
       speed,
       crm_package_name,
       is_unmeasured,
       is_unused_order,
       -- A capped line syncs a hair under its cap.
       CASE WHEN is_unmeasured THEN 0
            ELSE least(line_potential, line_cap - 0.001 - 0.02 * draw('sync', person, 0)) END AS line_speed,
       draw('no contract', person, 0) < getvariable('no_contract_share') AS has_no_contract,
       exp(getvariable('temperament_sigma') * normal(draw('temperament', person, 0))
           - power(getvariable('temperament_sigma'), 2) / 2) AS temperament,
       exp(getvariable('caller_sigma') * normal(draw('caller', person, 0))
           - power(getvariable('caller_sigma'), 2) / 2) AS caller,
       -- Mean daily download, kilobytes.
       1000 * usage * CASE WHEN settled THEN 0.55 ELSE 1.15 END
         * at_quantile([2.0, 120, 480, 1000, 1700, 2600, 3600, 4700, 5900, 7200, 8600, 10200, 12000, 14000, 16500,
                        19500, 23500, 29000, 38000, 56000, 150000], draw('usage', person, 0)) AS download_level,
       -- Upload follows download loosely.
       0.058 * exp(0.75 * normal(draw('upload', person, 0))) AS upload_ratio,
       0.9 * exp(0.16 * normal(draw('recorded', person, 0))) AS recorded_share
FROM line
ORDER BY person;
