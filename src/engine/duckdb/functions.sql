-- Holdfast's own SQL functions on DuckDB. Pack SQL calls these where engines differ; the twin of
-- this file for Spark defines the same names with the same meaning.

-- Whole days from a to b; negative where b is earlier.
CREATE OR REPLACE MACRO days_between(a, b) AS date_diff('day', CAST(a AS DATE), CAST(b AS DATE));
-- Whole calendar months from the month of a to the month of b.
CREATE OR REPLACE MACRO months_apart(a, b) AS date_diff('month', CAST(a AS DATE), CAST(b AS DATE));
-- The date n days after d (before it, for a negative n).
CREATE OR REPLACE MACRO add_days(d, n) AS CAST(CAST(d AS DATE) + CAST(n AS INTEGER) AS DATE);
-- The date n calendar months after d, clamped to the end of the month.
CREATE OR REPLACE MACRO add_calendar_months(d, n) AS CAST(CAST(d AS DATE) + to_months(CAST(n AS INTEGER)) AS DATE);
-- The first day of d's month.
CREATE OR REPLACE MACRO month_start(d) AS CAST(date_trunc('month', CAST(d AS DATE)) AS DATE);
-- Every match of a regular expression replaced.
CREATE OR REPLACE MACRO rx_replace_all(s, pattern, replacement) AS regexp_replace(s, pattern, replacement, 'g');
-- Lower-case hexadecimal SHA-256 of a text.
CREATE OR REPLACE MACRO sha256_hex(s) AS sha256(s);
-- Sample standard deviation from a count and exact sums, so that the order of rows cannot show in the
-- last bits. NULL below two values. total_of_squares - total^2 / n, over n - 1.
CREATE OR REPLACE MACRO stddev_exact(n, total, total_of_squares) AS
  CASE WHEN n >= 2
    THEN sqrt(greatest(0.0, (CAST(n AS DOUBLE) * CAST(total_of_squares AS DOUBLE) - CAST(total AS DOUBLE) * CAST(total AS DOUBLE))
      / (CAST(n AS DOUBLE) * (CAST(n AS DOUBLE) - 1.0))))
  END;
-- Text to whole number; NULL where it is none ('12.0' counts as 12, '12.3' as 12; 'nan', 'inf' and '1e30' are none).
CREATE OR REPLACE MACRO to_whole_number(s) AS try_cast(floor(try_cast(s AS DOUBLE)) AS BIGINT);
-- A row (the alias of a table) as one JSON text.
CREATE OR REPLACE MACRO row_text(r) AS CAST(to_json(r) AS VARCHAR);
-- Text in a format such as '%d.%m.%Y' (or a list of formats, tried in turn) to a timestamp; NULL where it is none.
CREATE OR REPLACE MACRO parse_timestamp(s, formats) AS try_strptime(trim(s), formats);
-- Text that a regular expression matches as a whole, without any of the characters of a class, and with
-- another sign for its decimal point; NULL where it does not match.
CREATE OR REPLACE MACRO plain_number(s, pattern, separators, decimal_sign) AS
  CASE WHEN regexp_full_match(trim(s), pattern)
    THEN replace(regexp_replace(trim(s), separators, '', 'g'), decimal_sign, '.')
  END;
