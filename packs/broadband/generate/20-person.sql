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
         draw('unmeasured', t.person, 0) < p.unmeasured * CASE WHEN t.settled THEN 1.7 ELSE 0.7 END AS is_unmeasured,
         t.is_joiner AND draw('unused order', t.person, 0) < 0.4 AS is_unused_order
  FROM (SELECT *, draw('channel', person, 0) AS u, draw('product', person, 0) AS v FROM temperament) AS t
  JOIN channel_edge AS c
    ON t.u >= CASE WHEN t.settled THEN c.settled_from ELSE c.recent_from END
   AND t.u < CASE WHEN t.settled THEN c.settled_to ELSE c.recent_to END
  JOIN product_edge AS p ON t.v >= p.share_from AND t.v < p.share_to
),
traits AS (
  SELECT *,
         -- Households that bought more use more, settled ones less; the rest is their own. Standard normal.
         0.9 * ln(usage) + CASE WHEN settled THEN -0.45 ELSE 0.2 END
           + 0.9 * normal(draw('usage', person, 0)) AS usage_score,
         -- What the wire can carry, before the product's cap.
         CASE WHEN technology = 'MPF' THEN at_quantile(getvariable('copper_speeds'), draw('line', person, 0))
              WHEN technology = 'FTTC' AND line_cap = 40 THEN at_quantile(getvariable('fibre_40_speeds'), draw('line', person, 0))
              WHEN technology = 'FTTC' THEN at_quantile(getvariable('fibre_80_speeds'), draw('line', person, 0))
              ELSE line_cap * (1.02 - 0.45 * power(draw('line', person, 0), 4))
         END AS line_potential,
         draw('sync', person, 0) AS sync
  FROM chosen
),
ranked AS (
  SELECT *,
         share_below(usage_score) AS download_share,
         share_below(0.8 * usage_score + 0.6 * normal(draw('upload', person, 0))) AS upload_share
  FROM traits
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
       -- A good line syncs at the product's cap, at one of a few values that the equipment knows.
       CASE WHEN is_unmeasured THEN 0
            WHEN line_potential < line_cap OR technology = 'MPF' THEN line_potential
            WHEN line_cap = 40 THEN CASE WHEN sync < 0.14 THEN 39.806 WHEN sync < 0.23 THEN 39.968 WHEN sync < 0.31 THEN 39.992
                                         WHEN sync < 0.53 THEN 39.997 WHEN sync < 0.66 THEN 39.999 ELSE 40.0 END
            WHEN line_cap = 80 THEN CASE WHEN sync < 0.06 THEN 79.649 WHEN sync < 0.24 THEN 79.98 + 0.016 * sync
                                         WHEN sync < 0.33 THEN 79.998 ELSE 79.999 END
            ELSE line_cap * (0.998 + 0.0025 * sync) END AS line_speed,
       line_potential >= line_cap AND technology <> 'MPF' AS is_capped,
       draw('no contract', person, 0) < getvariable('no_contract_share') AS has_no_contract,
       exp(getvariable('temperament_sigma') * normal(draw('temperament', person, 0))
           - power(getvariable('temperament_sigma'), 2) / 2) AS temperament,
       -- Who is sooner ready to leave is also sooner on the phone.
       exp(getvariable('caller_sigma') * (0.35 * normal(draw('temperament', person, 0)) + 0.94 * normal(draw('caller', person, 0)))
           - power(getvariable('caller_sigma'), 2) / 2) * CASE WHEN settled THEN 0.75 ELSE 1.1 END AS caller,
       -- Mean daily volumes, MB.
       at_quantile(getvariable('download_quantiles'), download_share) AS download_level,
       at_quantile(getvariable('upload_quantiles'), upload_share) AS upload_level,
       exp(0.1 * normal(draw('recorded', person, 0))) AS recorded_factor
FROM ranked
ORDER BY person;
