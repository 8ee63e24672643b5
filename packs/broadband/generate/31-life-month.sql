-- Makes: the rows of life of one month.
-- @each SELECT month FROM month ORDER BY month
--
-- Nothing here is drawn from what is delivered. People have a contract and a temperament; plans to leave come
-- up with a hazard that follows from these (the end of the contract, money, a better offer, a death, a house
-- that moved on), ripen for some weeks, show in calls, payments and traffic, and end in a cease or in nothing.

INSERT INTO life
WITH
clock AS (
  SELECT month, day, next_day,
         getvariable('market_start') + getvariable('market_rise') * greatest(month, 0)
           + getvariable('market_late_rise') * greatest(month - getvariable('market_late_month'), 0) AS market,
         getvariable('unforeseen')
           + getvariable('unforeseen_late_rise') * greatest(month - getvariable('market_late_month'), 0) AS unforeseen,
         greatest(0.4, getvariable('hardship_start') - getvariable('hardship_fall') * greatest(month, 0)) AS hardship
  FROM month WHERE month = getvariable('month')
),
-- The first month: the contract everybody has. The first contract of recent customers runs from the day they
-- joined; the others are somewhere in a later one.
newcomer AS (
  SELECT p.person, p.joined_day, p.is_joiner, c.day,
         CASE WHEN draw('length', p.person, -9) < getvariable('months_24_share') THEN 730
              WHEN draw('length', p.person, -9) < getvariable('months_24_share') + getvariable('months_18_share') THEN 548
              ELSE 365 END AS length_days
  FROM person AS p, clock AS c
  WHERE CASE WHEN p.is_joiner
             THEN p.joined_day > (SELECT day FROM month WHERE month = c.month - 1) AND p.joined_day <= c.day
             ELSE c.month = (SELECT min(month) FROM month) END
),
starting AS (
  SELECT person,
         CASE WHEN is_joiner OR day - joined_day < length_days THEN joined_day + length_days
              ELSE day - least(at_quantile(getvariable('out_of_contract_quantiles'), draw('out of contract', person, 0)),
                               day - joined_day - length_days + 30)::INTEGER
         END AS contract_end,
         length_days
  FROM newcomer
),
-- Who is there at T, and how the month before left them.
standing AS (
  SELECT l.person,
         coalesce(l.renewed_day, l.contract_start) AS contract_start,
         coalesce(l.renewed_day + l.renewed_days, l.contract_end) AS contract_end,
         CASE WHEN l.payment_restored <= c.day THEN NULL ELSE l.payment_cancelled END AS payment_cancelled,
         CASE WHEN l.payment_restored <= c.day THEN NULL
              WHEN l.withdrawn_day IS NOT NULL AND l.places_again IS NULL
                THEN coalesce(l.payment_restored, greatest(c.day, l.withdrawn_day + 10))
              ELSE l.payment_restored END AS payment_restored,
         -- Who withdraws a cease for good uses the line again.
         CASE WHEN l.withdrawn_day IS NULL OR l.places_again IS NOT NULL THEN l.silent_day END AS silent_day,
         CASE WHEN l.plan_end > c.day OR l.places_again IS NOT NULL THEN l.plan END AS plan,
         CASE WHEN l.plan_end > c.day OR l.places_again IS NOT NULL THEN l.plan_from END AS plan_from,
         CASE WHEN l.places_again IS NOT NULL THEN l.places_again
              WHEN l.plan_end > c.day THEN l.plan_day END AS plan_day,
         CASE WHEN l.places_again IS NOT NULL THEN l.places_again + 1
              WHEN l.plan_end > c.day THEN l.plan_end END AS plan_end,
         l.completed_day AS leaving_day
  FROM life AS l, clock AS c
  WHERE l.month = c.month - 1
    AND (l.completed_day IS NULL OR l.completed_day > c.day)
  UNION ALL
  SELECT person, contract_end - length_days, contract_end, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM starting
),
-- At the first delivered snapshot whoever is not listed and the surplus of starters are cut off, so that the number of customers is exact.
present AS (
  SELECT s.*, p.settled, p.temperament, p.channel_factor, p.line_speed, p.is_unmeasured, p.is_unused_order, p.joined_day,
         c.month, c.day, c.next_day, c.market, c.unforeseen, c.hardship
  FROM standing AS s
  JOIN person AS p USING (person), clock AS c
  WHERE c.month <> 0
     OR (is_listed(s.person, s.leaving_day)
         AND s.person <= (
           SELECT max(person)
           FROM (SELECT person FROM standing WHERE is_listed(person, leaving_day) ORDER BY person
                 LIMIT getvariable('customers')
                       - round(getvariable('customers') * getvariable('joiner_share'))::BIGINT)))
),
-- The monthly hazard of each kind of plan, for those who have none.
urge AS (
  SELECT e.*,
         g.renewing * CASE WHEN is_unmeasured THEN getvariable('unmeasured_renewing') ELSE 1 END
           * CASE WHEN e.day - joined_day < 1000 THEN getvariable('first_contract_renewing') ELSE 1 END AS renewing,
         temperament AS will,
         CASE WHEN e.plan IS NOT NULL OR e.leaving_day IS NOT NULL THEN 0 ELSE 1 END AS free,
         market * getvariable('switch_rate') * g.switching * channel_factor
           * CASE WHEN e.day - joined_day < 1000 THEN getvariable('first_contract_factor') ELSE 1 END
           * CASE WHEN settled THEN getvariable('rooted_factor') ELSE 1 END
           * CASE WHEN line_speed < getvariable('poor_line_speed') THEN getvariable('poor_line_factor') ELSE 1 END
           AS switching,
         hardship * CASE WHEN e.day < contract_end - 60 THEN getvariable('stop_paying_in_contract')
              WHEN e.day < contract_end + 45 THEN getvariable('stop_paying_in_contract') * 1.5
              ELSE getvariable('stop_paying_out_of_contract')
                     * CASE WHEN settled THEN getvariable('stop_paying_settled') ELSE 1 END END AS stopping,
         market * CASE WHEN e.day < contract_end + 30 THEN getvariable('deal_in_contract')
                     * CASE WHEN e.day - joined_day < 700 THEN getvariable('deal_newcomer') ELSE 1 END
              ELSE getvariable('deal_out_of_contract')
                     * CASE WHEN e.day - joined_day < 1500 THEN getvariable('deal_recent') ELSE 1 END END
           * CASE WHEN settled THEN getvariable('deal_settled') ELSE 1 END AS dealing,
         CASE WHEN is_unused_order AND e.day - joined_day < 100 THEN getvariable('unused_order_leave') ELSE 0 END AS unusing,
         CASE WHEN silent_day IS NULL OR silent_day >= e.day THEN 0
              WHEN e.day < contract_end - 60 THEN getvariable('silent_leave_in_contract')
                     * CASE WHEN e.day - joined_day < 600 THEN 5 ELSE 1 END
              ELSE getvariable('silent_leave') END AS ending
  FROM present AS e
  JOIN contract_stage AS g
    ON e.day - e.contract_end >= g.from_day AND e.day - e.contract_end < g.to_day
),
thought AS (
  SELECT *,
         CASE
           WHEN free = 0 THEN NULL
           WHEN u < switching * will THEN 'switch'
           WHEN u < (switching + stopping) * will THEN 'stops paying'
           WHEN u < (switching + stopping + dealing) * will THEN 'deal'
           WHEN u < (switching + stopping + dealing) * will + ending THEN 'silent'
           WHEN u < (switching + stopping + dealing) * will + ending + unusing THEN 'unused order'
           WHEN u < (switching + stopping + dealing) * will + ending + unusing + unforeseen THEN 'unforeseen'
         END AS new_plan,
         day + 1 + floor((next_day - day) * draw('plan day', person, month))::INTEGER AS new_from,
         draw('go through', person, month) AS firmness,
         draw('slow', person, month) < getvariable('slow_share') AS is_slow,
         draw('ripening', person, month) AS ripening
  FROM (SELECT *, draw('plan', person, month) AS u FROM urge)
),
planned AS (
  SELECT *,
         coalesce(plan, new_plan) AS plan_now,
         CASE WHEN plan IS NOT NULL THEN plan_from ELSE new_from END AS from_now,
         CASE
           WHEN plan IS NOT NULL THEN plan_day
           WHEN new_plan IN ('unforeseen', 'silent', 'unused order') THEN new_from
           WHEN firmness >= CASE new_plan WHEN 'stops paying' THEN getvariable('go_through_stops_paying')
                                          WHEN 'deal' THEN getvariable('go_through_deal')
                                          ELSE getvariable('go_through_switch') * (1 + 0.4 * (market - 1)) END THEN NULL
           WHEN new_plan = 'switch' THEN greatest(
             new_from + 10 + floor(45 * ripening)::INTEGER,
             contract_end - getvariable('notice_days') - CASE WHEN draw('impatience', person, month) < 0.13 THEN 14 ELSE 0 END
               + floor(52 * power(ripening, 1.6))::INTEGER)
           WHEN new_plan = 'stops paying' THEN new_from + CASE WHEN is_slow THEN 66 ELSE 28 END + floor(CASE WHEN is_slow THEN getvariable('slow_days') ELSE 34 END * ripening)::INTEGER
           WHEN new_plan = 'deal' THEN new_from + 12 + floor(40 * ripening)::INTEGER
         END AS plan_day_now
  FROM thought
),
ripened AS (
  SELECT *,
         CASE WHEN plan IS NOT NULL THEN plan_end
              WHEN new_plan IS NOT NULL THEN coalesce(plan_day_now, new_from + 20 + floor(60 * ripening)::INTEGER)
         END AS plan_end_now,
         CASE WHEN plan_day_now > day AND plan_day_now <= next_day AND leaving_day IS NULL
              THEN plan_day_now END AS placing_day,
         draw('outcome', person, month) AS outcome,
         CASE WHEN plan_now = 'stops paying' THEN getvariable('completes_stops_paying') ELSE getvariable('completes') END AS completes
  FROM planned
),
placed AS (
  SELECT *,
         CASE WHEN placing_day IS NOT NULL AND outcome < completes
              THEN placing_day + CASE WHEN draw('notice kind', person, month) < 0.8 THEN 30 ELSE 16 END
                   + floor(10 * draw('notice', person, month))::INTEGER
              ELSE leaving_day END AS completing_day,
         CASE WHEN placing_day IS NOT NULL AND outcome >= completes
              THEN placing_day + 2 + floor(20 * draw('withdrawing', person, month))::INTEGER END AS withdrawing_day,
         -- Of the others: signs again in the month, by the stage of the contract; a plan that came to
         -- nothing, and a withdrawn cease, often end in a new contract.
         CASE WHEN plan_now IS NULL AND leaving_day IS NULL AND draw('renewal', person, month) < renewing
                THEN day + 1 + floor((next_day - day) * draw('renewal day', person, month))::INTEGER
              WHEN plan_day_now IS NULL AND plan_end_now <= next_day AND plan_end_now > day
                   AND plan_now IN ('switch', 'deal') AND draw('renewal', person, month) < getvariable('signs_after_plan')
                THEN plan_end_now
         END AS signing_day
  FROM ripened
)
SELECT person,
       month,
       day,
       contract_start,
       contract_end,
       -- A direct debit lapses by a plan (most of all where they stop paying) or by a hiccup.
       CASE
         WHEN payment_cancelled IS NOT NULL THEN payment_cancelled
         WHEN plan IS NULL AND new_plan = 'stops paying' AND draw('payment', person, month) < getvariable('cancels_stops_paying')
           THEN greatest(new_from, plan_end_now - CASE WHEN is_slow THEN 62 ELSE 12 END
                  - floor(CASE WHEN is_slow THEN getvariable('slow_days') ELSE 40 END * draw('payment day', person, month))::INTEGER)
         WHEN plan IS NULL AND new_plan IN ('switch', 'deal') AND draw('payment', person, month) < getvariable('cancels_other_plan')
           THEN greatest(new_from, plan_end_now - floor(20 * draw('payment day', person, month))::INTEGER)
         WHEN draw('hiccup', person, month) < hardship * getvariable('payment_hiccup')
           THEN day + 1 + floor((next_day - day) * draw('payment day', person, month))::INTEGER
       END AS payment_cancelled,
       CASE
         WHEN payment_cancelled IS NOT NULL THEN payment_restored
         WHEN plan IS NULL AND new_plan IN ('stops paying', 'switch', 'deal') AND plan_day_now IS NOT NULL THEN NULL
         WHEN plan IS NULL AND new_plan = 'stops paying' THEN plan_end_now + floor(150 * draw('restored', person, month))::INTEGER
         ELSE day + 31 + floor(2 * (getvariable('hiccup_days') - 31) * draw('restored', person, month))::INTEGER
       END AS payment_restored,
       CASE
         WHEN silent_day IS NOT NULL THEN silent_day
         WHEN draw('silence', person, month) < getvariable('silent_rate')
                * CASE WHEN day < contract_end - 60 THEN getvariable('silent_in_contract') ELSE 1 END
           THEN day + 1 + floor((next_day - day) * draw('silence day', person, month))::INTEGER
         WHEN plan IS NULL AND new_plan IS NOT NULL
              AND draw('silence of plan', person, month) < CASE WHEN new_plan <> 'stops paying' AND plan_day_now IS NULL THEN 0
                         WHEN plan_day_now IS NULL THEN getvariable('silence_undecided')
                         WHEN new_plan = 'stops paying' AND day < contract_end THEN getvariable('silence_stops_paying_in_contract')
                         WHEN new_plan = 'stops paying' THEN getvariable('silence_stops_paying')
                         WHEN new_plan = 'switch' THEN getvariable('silence_switch')
                         WHEN new_plan = 'deal' THEN getvariable('silence_deal')
                         ELSE 0 END
           THEN greatest(new_from, plan_end_now - floor(CASE WHEN is_slow THEN 40 + getvariable('slow_days') ELSE 60 END * draw('silence day', person, month))::INTEGER)
       END AS silent_day,
       plan_now AS plan,
       CASE WHEN plan_now IS NOT NULL THEN from_now END AS plan_from,
       plan_day_now AS plan_day,
       plan_end_now AS plan_end,
       placing_day AS placed_day,
       completing_day AS completed_day,
       withdrawing_day AS withdrawn_day,
       CASE WHEN withdrawing_day IS NOT NULL AND draw('again', person, month) < getvariable('placed_again')
            THEN greatest(next_day, withdrawing_day) + 1 + floor(25 * draw('again day', person, month))::INTEGER END AS places_again,
       signing_day AS renewed_day,
       CASE WHEN draw('length', person, month) < getvariable('months_24_share') THEN 730
            WHEN draw('length', person, month) < getvariable('months_24_share') + getvariable('months_18_share') THEN 548
            ELSE 365 END AS renewed_days
FROM placed;
