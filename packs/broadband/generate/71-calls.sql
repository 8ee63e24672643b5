-- Makes: calls.csv. One row per call. A contact takes one call or several; later calls may land in other
-- departments. Some calls arrive without a type.
-- @writes calls.csv

WITH sized AS (
  SELECT c.*,
         CASE WHEN draw('size ' || c.origin || c.call_type, c.person, c.month)
                   < k.settled_at_once * CASE WHEN c.origin = 'plan' THEN getvariable('calls_repeat') ELSE 1 END THEN 1
              ELSE least(40, 2 + floor(ln(draw('more ' || c.origin || c.call_type, c.person, c.month) + 1e-12)
                                       / ln(k.call_again))::INTEGER)
         END AS calls
  FROM contact AS c
  JOIN call_kind AS k USING (call_type)
),
onward AS (
  SELECT call_type,
         sum(onward) OVER (ORDER BY call_type) / sum(onward) OVER () AS share_to,
         (sum(onward) OVER (ORDER BY call_type) - onward) / sum(onward) OVER () AS share_from
  FROM call_kind
),
call AS (
  SELECT person, month, origin, call_type AS contact_type, number, end_day,
         -- Calls follow the first within days; a leaver's may go back for weeks.
         day + CASE WHEN number = 0 THEN 0
                    WHEN origin = 'plan' AND draw('earlier ' || call_type, person, month * 64 + number) < getvariable('calls_earlier')
                      THEN -floor(60 * draw('call day ' || origin || call_type, person, month * 64 + number))::INTEGER
                    WHEN origin = 'plan' THEN floor(4 * draw('call day ' || origin || call_type, person, month * 64 + number))::INTEGER - 2
                    ELSE floor(12 * draw('call day ' || origin || call_type, person, month * 64 + number))::INTEGER END AS day,
         CASE WHEN number > 0 AND draw('moves on ' || origin || call_type, person, month * 64 + number)
              < CASE WHEN origin = 'plan' THEN 0.4 ELSE 0.3 END
              THEN draw('onward ' || origin || call_type, person, month * 64 + number) END AS onward_draw,
         bits('call ' || origin || call_type, person, month * 64 + number) AS h
  FROM (SELECT *, unnest(range(calls)) AS number FROM sized)
),
typed AS (
  SELECT c.*, coalesce(o.call_type, c.contact_type) AS call_type
  FROM call AS c
  LEFT JOIN onward AS o ON c.onward_draw >= o.share_from AND c.onward_draw < o.share_to
)
SELECT d.unique_customer_identifier,
       day_date(t.day) AS event_date,
       CASE WHEN ((t.h >> 40) & 1023) / 1024.0 >= CASE WHEN t.day >= t.end_day - 3 THEN getvariable('missing_call_type_leaving')
                                                    WHEN t.end_day IS NOT NULL THEN getvariable('missing_call_type_plan')
                                                    WHEN t.origin = 'after' THEN getvariable('missing_call_type_after')
                                                    ELSE getvariable('missing_call_type_everyday') END
            THEN as_delivered(t.call_type, (t.h & 1023) / 1024.0) END AS call_type,
       -- A few calls are given up on hold.
       CASE WHEN ((t.h >> 50) & 127) < 2 THEN 0
            ELSE round(k.talk_seconds * 0.72 * exp(0.8 * normal((((t.h >> 10) & 1023) + 0.5) / 1024.0))) END::DOUBLE AS talk_time_seconds,
       CASE WHEN ((t.h >> 57) & 127) < 48 THEN 0
            ELSE round(k.hold_seconds * 0.95 * exp(1.0 * normal((((t.h >> 20) & 1023) + 0.5) / 1024.0))) END::DOUBLE AS hold_time_seconds
FROM typed AS t
JOIN delivered AS d USING (person)
JOIN call_kind AS k ON k.call_type = t.call_type
WHERE t.day BETWEEN day_number(getvariable('from')) AND day_number(getvariable('to'))
ORDER BY t.day, d.place, t.month, t.origin, t.contact_type, t.number
