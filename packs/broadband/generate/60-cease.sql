-- Makes: cease.csv. One row per cease placed: completed some weeks later, or open ('null') because it is still
-- running or was withdrawn. Some lines carry a second order.
-- @writes cease.csv

WITH notice AS (
  SELECT d.place, d.unique_customer_identifier, l.person, l.month, l.plan, l.placed_day,
         CASE WHEN l.completed_day <= day_number(getvariable('to')) THEN l.completed_day END AS completed_day
  FROM life AS l
  JOIN delivered AS d USING (person)
  WHERE l.placed_day BETWEEN day_number(getvariable('from')) AND day_number(getvariable('to'))
),
doubled AS (
  SELECT *, 0 AS copy FROM notice
  UNION ALL
  SELECT * REPLACE (greatest(placed_day - floor(6 * draw('second row', person, month))::INTEGER, day_number(getvariable('from'))) AS placed_day), 1
  FROM notice
  WHERE completed_day IS NOT NULL AND draw('has second row', person, month) < getvariable('second_row_share')
),
weighted AS (
  SELECT reason_description_insight, reason_description, plan,
         sum(weight) OVER (PARTITION BY plan ORDER BY reason_description_insight) / sum(weight) OVER (PARTITION BY plan) AS share_to,
         (sum(weight) OVER (PARTITION BY plan ORDER BY reason_description_insight) - weight) / sum(weight) OVER (PARTITION BY plan) AS share_from
  FROM (
    SELECT reason_description_insight, reason_description,
           unnest(['switch', 'stops paying', 'deal', 'silent', 'unforeseen', 'unused order']) AS plan,
           unnest([switch, stops_paying, deal, silent, unforeseen, unused_order]::DOUBLE[]) AS weight
    FROM reason)
)
SELECT d.unique_customer_identifier,
       day_date(d.placed_day) AS cease_placed_date,
       coalesce(CAST(day_date(d.completed_day) AS VARCHAR), 'null') AS cease_completed_date,
       as_delivered(w.reason_description, draw('untrimmed', d.person, d.month)) AS reason_description,
       as_delivered(w.reason_description_insight, draw('untrimmed insight', d.person, d.month)) AS reason_description_insight
FROM (SELECT *, draw('reason', person, month) AS u FROM doubled) AS d
JOIN weighted AS w ON w.plan = d.plan AND d.u >= w.share_from AND d.u < w.share_to
ORDER BY d.placed_day, d.place, d.copy
