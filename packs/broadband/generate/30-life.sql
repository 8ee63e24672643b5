-- Makes: life, empty. One row per person and month: how they stand at the snapshot (T) and what happens to
-- them in the month that follows, up to and including the next T. 31-life-month.sql fills it month by month.

CREATE OR REPLACE TABLE life (
  person INTEGER,
  month INTEGER,
  day INTEGER,                -- T
  -- how they stand at T
  contract_start INTEGER,
  contract_end INTEGER,
  payment_cancelled INTEGER,  -- day the direct debit was last cancelled, kept until it is reinstated
  payment_restored INTEGER,   -- day it comes back; NULL where it never does
  silent_day INTEGER,         -- first day without traffic
  plan VARCHAR,               -- why they mean to leave; NULL where they do not
  plan_from INTEGER,          -- day the thought came up
  plan_day INTEGER,           -- day they will place the cease; NULL where they will think better of it
  plan_end INTEGER,           -- day it is over, one way or the other
  -- the cease placed in the month
  placed_day INTEGER,
  completed_day INTEGER,      -- day the service ends; NULL where the cease is withdrawn
  withdrawn_day INTEGER,
  places_again INTEGER,       -- day a withdrawn cease is placed again
  renewed_day INTEGER,        -- day a new contract is signed in the month
  renewed_days INTEGER        -- and its length
);
