/** What came in, and how it is. */
import { z } from 'zod';
import { count, date, instant, share } from './scalars.ts';

export const DataHealth = z.object({
  /** Day of the newest snapshot; null before the first build. */
  as_of: date.nullable(),
  /** Last complete day of data. */
  observed_to: date.nullable(),
  sources: z.array(
    z.object({
      table: z.string(),
      description: z.string(),
      files: count,
      newest_file: z.string().nullable(),
      rows: count,
      delivered_at: instant.nullable(),
      columns: z.array(z.object({ name: z.string(), type: z.string() })),
    }),
  ),
  tables: z.array(
    z.object({
      table: z.string(),
      version: z.int(),
      rows: count,
      bytes: count,
      changed_at: instant,
      description: z.string(),
    }),
  ),
  /** The newest result of each rule, those that failed first. */
  expectations: z.array(
    z.object({
      table: z.string(),
      expectation: z.string(),
      description: z.string(),
      action: z.string(),
      status: z.enum(['PASS', 'WARN', 'FAIL']),
      failed_rows: count,
      total_rows: count,
      checked_at: instant,
    }),
  ),
  /** Missing values of the newest snapshot beside those of training, the largest difference first. */
  features: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      missing: share,
      missing_in_training: share.nullable(),
    }),
  ),
  snapshot_rows: count,
  quarantined_rows: count,
});
export type DataHealth = z.infer<typeof DataHealth>;
