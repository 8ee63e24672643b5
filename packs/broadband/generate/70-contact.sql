-- Makes: contact. One row per reason to call: when, with which department it begins, and how many calls it
-- takes. Most have nothing to do with leaving.

CREATE OR REPLACE TABLE contact AS
WITH kind AS (
  SELECT call_type,
         sum(monthly) OVER (ORDER BY call_type) / sum(monthly) OVER () AS share_to,
         (sum(monthly) OVER (ORDER BY call_type) - monthly) / sum(monthly) OVER () AS share_from,
         sum(monthly) OVER () AS monthly
  FROM call_kind
),
-- Everyday matters: faults, bills, questions.
everyday AS (
  SELECT l.person, l.month, 'everyday' AS origin,
         l.day + 1 + floor((m.month_end_day - l.day) * draw('everyday day', l.person, l.month))::INTEGER AS day,
         draw('everyday kind', l.person, l.month) AS u
  FROM life AS l
  JOIN delivered AS d USING (person)
  JOIN month AS m USING (month)
  WHERE l.month >= -1
    AND draw('everyday', l.person, l.month)
        < (SELECT any_value(monthly) FROM kind) * d.caller
          -- More and more is done in the app.
          * (getvariable('calls_start') - getvariable('calls_fall') * l.month)
          * CASE WHEN d.line_speed < getvariable('poor_line_speed') THEN 1.2 ELSE 1 END
          * CASE WHEN l.day - l.contract_start < 180 THEN getvariable('calls_early')
                 WHEN l.day < l.contract_end + 60 THEN getvariable('calls_in_contract')
                 ELSE getvariable('calls_out_of_contract') END
),
-- The weeks before a plan comes to an end.
leaving AS (
  SELECT l.person, l.month, 'plan' AS origin,
         greatest(l.plan_from, l.plan_end - CASE
             WHEN l.plan = 'deal' THEN 6 + floor(26 * draw('lead ' || c.call_type, l.person, l.month))::INTEGER
             WHEN draw('lead kind ' || c.call_type, l.person, l.month) < getvariable('calls_at_the_end')
               THEN floor(3 * draw('lead ' || c.call_type, l.person, l.month))::INTEGER
             WHEN draw('lead kind ' || c.call_type, l.person, l.month) < 0.83
               THEN floor(30 * draw('lead ' || c.call_type, l.person, l.month))::INTEGER
             ELSE floor(80 * draw('lead ' || c.call_type, l.person, l.month))::INTEGER END) AS day,
         c.call_type, l.plan_day
  FROM life AS l
  JOIN delivered AS d USING (person)
  JOIN leaver_call AS c ON c.plan = l.plan
  WHERE l.plan_from > l.day
    AND draw('leaver ' || c.call_type, l.person, l.month)
        < c.chance * CASE WHEN l.plan_day IS NULL THEN getvariable('calls_undecided') ELSE 1 END
),
-- Signing again, which is often talked over.
signing AS (
  SELECT l.person, l.month, 'signing' AS origin,
         l.renewed_day - floor(28 * draw('signing day', l.person, l.month))::INTEGER AS day, 'Loyalty' AS call_type
  FROM life AS l
  JOIN delivered AS d USING (person)
  WHERE l.renewed_day IS NOT NULL AND draw('signing', l.person, l.month) < getvariable('calls_signing')
),
-- After the cease: questions about it, the last bill, the router to return.
afterwards AS (
  SELECT l.person, l.month, 'after' AS origin,
         l.placed_day + 24 + floor(70 * draw('after day', l.person, l.month))::INTEGER AS day,
         CASE WHEN draw('after kind', l.person, l.month) < 0.4 THEN 'Loyalty'
              WHEN draw('after kind', l.person, l.month) < 0.75 THEN 'CS&B'
              WHEN draw('after kind', l.person, l.month) < 0.93 THEN 'Customer Finance'
              ELSE 'FTTP' END AS call_type
  FROM life AS l
  JOIN delivered AS d USING (person)
  WHERE l.placed_day IS NOT NULL AND draw('after', l.person, l.month) < getvariable('calls_after')
)
-- `end_day` is the day of the cease that a contact leads up to.
SELECT person, month, origin, day, call_type, end_day
FROM (
  SELECT e.person, e.month, e.origin, e.day, k.call_type, NULL::INTEGER AS end_day
  FROM everyday AS e JOIN kind AS k ON e.u >= k.share_from AND e.u < k.share_to
  UNION ALL SELECT person, month, origin, day, call_type, plan_day FROM leaving
  UNION ALL SELECT person, month, origin, day, call_type, NULL FROM signing
  UNION ALL SELECT person, month, origin, day, call_type, NULL FROM afterwards
)
ORDER BY person, month, origin, call_type;
