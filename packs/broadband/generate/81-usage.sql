-- Makes: usage, one file a month. One row per customer and recorded day; both volumes are text with three
-- decimals. A day's volume scatters around the level of the month.
-- @writes usage/usage-{label}.parquet

SELECT unique_customer_identifier,
       DATE '1970-01-01' + (day + number) AS calendar_date,
       CAST(CAST(download_level * ebb * exp(((h & 2047) + ((h >> 11) & 2047)) * 0.000691e0 - 1.58e0) AS DECIMAL(12, 3)) AS VARCHAR) AS usage_download_mbs,
       CAST(CAST(upload_level * ebb * exp(((h & 2047) + ((h >> 22) & 2047)) * 0.000691e0 - 1.58e0) AS DECIMAL(12, 3)) AS VARCHAR) AS usage_upload_mbs
FROM (
  SELECT unique_customer_identifier, day, number, download_level, upload_level, recorded,
         1 - sag * greatest(0, sag_days + number) AS ebb,
         hash(h + number) AS h
  FROM (SELECT *, unnest(range(days))::INTEGER AS number FROM traffic)
)
WHERE (h >> 52) < recorded
