/**
 * What was found about the data, kept as lake tables: `quality.expectation_results` (one row a rule,
 * table and run), `quality.quarantined_rows` (every row that was left out, as text) and, where a pack cleans
 * its features, `quality.cleaning_results` (one row a feature and run).
 */
import type { Engine, TableName } from '../engine/index.ts';
import type { Lake } from '../lake/index.ts';
import type { Clock } from '../kernel/index.ts';

export type ExpectationStatus = 'PASS' | 'WARN' | 'FAIL';

/** The outcome of one rule on one table. */
export interface ExpectationResult {
  readonly table: TableName;
  readonly expectation: string;
  readonly action: 'warn' | 'drop' | 'fail';
  readonly status: ExpectationStatus;
  readonly failedRows: number;
  readonly totalRows: number;
  readonly description: string;
}

/** What cleaning found in the values of one feature, and did to them. */
export interface CleaningResult {
  /** The rows that the figures were fitted on, or those that were scored. */
  readonly purpose: 'train' | 'score';
  readonly modelSet: number;
  readonly feature: string;
  readonly columnType: string;
  readonly rows: number;
  readonly missing: number;
  readonly impossible: number;
  readonly unseen: number;
  readonly outliers: number;
  readonly replaced: number;
  readonly capped: number;
  /** What was done, in words. */
  readonly done: string;
}

const CLEANING_TABLE = 'quality.cleaning_results';
const RESULTS_TABLE = 'quality.expectation_results';
const QUARANTINE_TABLE = 'quality.quarantined_rows';

export interface QualityLog {
  readonly results: readonly ExpectationResult[];
  record(result: ExpectationResult): Promise<void>;
  recordCleaning(result: CleaningResult): Promise<void>;
  /**
   * Keeps rows that are left out of `table`. `select` yields (source_file, line, text); line counts
   * from 1 with the header, and is NULL where rows of the source have no number.
   */
  quarantine(table: TableName, reason: string, select: string): Promise<void>;
  /** Commits what was recorded since the last flush. */
  flush(): Promise<void>;
}

/** Opens the log of one run; nothing is visible before `flush`. */
export function openQualityLog(parts: {
  readonly engine: Engine;
  readonly lake: Lake;
  readonly clock: Clock;
  readonly runId: string;
}): QualityLog {
  const { engine, lake, clock, runId } = parts;
  const results: ExpectationResult[] = [];
  const checkedAt = clock.now().toISOString();
  let buffers: Promise<void> | undefined;
  /** What is recorded waits here; made for the first of it, since most commands record nothing. */
  const needBuffers = (): Promise<void> =>
    (buffers ??= engine.execute(`
    CREATE OR REPLACE TEMPORARY TABLE holdfast_quality_results (
      run_id VARCHAR, checked_at TIMESTAMPTZ, table_name VARCHAR, expectation VARCHAR, action VARCHAR,
      status VARCHAR, failed_rows BIGINT, total_rows BIGINT, pass_rate DOUBLE, description VARCHAR);
    CREATE OR REPLACE TEMPORARY TABLE holdfast_quarantined_rows (
      run_id VARCHAR, quarantined_at TIMESTAMPTZ, table_name VARCHAR, reason VARCHAR,
      source_file VARCHAR, line BIGINT, row_text VARCHAR);
    CREATE OR REPLACE TEMPORARY TABLE holdfast_cleaning_results (
      run_id VARCHAR, checked_at TIMESTAMPTZ, purpose VARCHAR, model_set BIGINT, feature VARCHAR,
      column_type VARCHAR, total_rows BIGINT, missing_rows BIGINT, missing_share DOUBLE, impossible_rows BIGINT,
      unseen_rows BIGINT, outlier_rows BIGINT, replaced_rows BIGINT, capped_rows BIGINT, done VARCHAR)`));

  const commit = async (table: TableName, buffer: string): Promise<void> => {
    const [counted] = await engine.rows(`SELECT count(*) AS n FROM ${buffer}`);
    if (counted?.['n'] === 0) return;
    await lake.write(table, `SELECT * FROM ${buffer}`, {
      mode: 'append',
      properties: { quality: 'quality' },
      info: { runId, operation: 'QUALITY', inputs: {} },
    });
    await engine.execute(`DELETE FROM ${buffer}`);
  };

  return {
    results,
    async record(result) {
      results.push(result);
      await needBuffers();
      await engine.execute(
        `INSERT INTO holdfast_quality_results VALUES ($runId, CAST($checkedAt AS TIMESTAMPTZ), $table, $expectation,
           $action, $status, $failedRows, $totalRows, $passRate, $description)`,
        {
          runId,
          checkedAt,
          table: result.table,
          expectation: result.expectation,
          action: result.action,
          status: result.status,
          failedRows: result.failedRows,
          totalRows: result.totalRows,
          passRate: result.totalRows === 0 ? 1 : 1 - result.failedRows / result.totalRows,
          description: result.description,
        },
      );
    },
    async recordCleaning({ purpose, modelSet, feature, columnType, done, ...counts }) {
      await needBuffers();
      await engine.execute(
        `INSERT INTO holdfast_cleaning_results VALUES ($runId, CAST($checkedAt AS TIMESTAMPTZ), $purpose, $modelSet,
           $feature, $columnType, $rows, $missing, $missingShare, $impossible, $unseen, $outliers, $replaced,
           $capped, $done)`,
        {
          runId,
          checkedAt,
          purpose,
          modelSet,
          feature,
          columnType,
          done,
          ...counts,
          missingShare: counts.rows === 0 ? 0 : counts.missing / counts.rows,
        },
      );
    },
    async quarantine(table, reason, select) {
      await needBuffers();
      await engine.execute(
        `INSERT INTO holdfast_quarantined_rows
         SELECT $runId, CAST($checkedAt AS TIMESTAMPTZ), $table, $reason, source_file, line, text FROM (${select})`,
        { runId, checkedAt, table, reason },
      );
    },
    async flush() {
      if (buffers === undefined) return;
      await commit(RESULTS_TABLE, 'holdfast_quality_results');
      await commit(QUARANTINE_TABLE, 'holdfast_quarantined_rows');
      await commit(CLEANING_TABLE, 'holdfast_cleaning_results');
    },
  };
}
