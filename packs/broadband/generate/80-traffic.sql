-- Makes: traffic, anew for each month. One row per customer with a line in use: the level of their use, how it
-- sags while a plan to leave ripens, and the share of days that are recorded (of 4,096). Recording begins in
-- the month after the first snapshot. Ordered as the delivery is.
-- @each_apart SELECT month, strftime(snapshot_date, '%Y-%m') AS label FROM month WHERE month >= 1 ORDER BY month
-- @with 81-usage.sql

CREATE OR REPLACE TEMPORARY TABLE traffic AS
WITH active AS (
  SELECT d.place, d.unique_customer_identifier, d.recorded_factor,
         l.day, l.person, l.month, l.plan_day, l.plan_from,
         CASE WHEN l.day = day_number(getvariable('to')) THEN 1
              ELSE least(m.month_end_day, coalesce(l.silent_day, m.month_end_day),
                         coalesce(l.completed_day, m.month_end_day),
                         -- Some are away until the next month.
                         CASE WHEN draw('away', l.person, l.month) < getvariable('away_share')
                              THEN l.day + 1 + floor(30 * draw('away from', l.person, l.month))::INTEGER
                              ELSE m.month_end_day END) - l.day END AS days,
         d.download_level * month_factor AS download_level, d.upload_level * month_factor AS upload_level
  FROM (SELECT *, exp(0.15 * normal(draw('month of use', person, month)) - 0.011) AS month_factor FROM life) AS l
  JOIN delivered AS d USING (person)
  JOIN month AS m USING (month)
  WHERE l.month = getvariable('month') AND NOT (d.is_unused_order AND l.day - d.joined_day < 100)
    AND (l.silent_day IS NULL OR l.silent_day > l.day)
)
SELECT place,
       unique_customer_identifier,
       day,
       days,
       download_level::DOUBLE AS download_level,
       upload_level::DOUBLE AS upload_level,
       CASE WHEN plan_day IS NOT NULL THEN 0.0016 ELSE 0 END::DOUBLE AS sag,
       coalesce(day - plan_from, 0) AS sag_days,
       (4096 * least(0.98, recorded_factor * (1 - 1 / (1 + power(download_level / getvariable('recorded_scale'), getvariable('recorded_power'))))))::INTEGER AS recorded,
       bits('traffic', person, month) % 4611686018427387904 AS h
FROM active
WHERE days > 0
ORDER BY place;
