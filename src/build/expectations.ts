import type { Engine } from '../engine/index.ts';
import { groupDigits, HoldfastError, type Progress } from '../kernel/index.ts';
import type { StagedWrite } from '../lake/index.ts';
import type { Expectation } from '../pack/index.ts';
import type { ExpectationResult, QualityLog } from '../quality/index.ts';

/** A body without the rows that `drop` rules refuse, which go to quarantine. */
export interface DroppedRows {
  readonly select: string;
  readonly results: readonly ExpectationResult[];
}

type Condition = Extract<Expectation, { expect: string }>;

/** A condition holds only where it is true: unknown counts as a failure. */
const fails = (condition: string): string => `NOT coalesce((${condition}), false)`;

/** Applies the `drop` rules of a table to the SELECT that makes it. */
export async function applyDropRules(
  engine: Engine,
  quality: QualityLog,
  table: string,
  body: string,
  expectations: readonly Expectation[],
): Promise<DroppedRows> {
  const rules = expectations.filter((rule): rule is Condition => 'expect' in rule && rule.action === 'drop');
  if (rules.length === 0) return { select: body, results: [] };
  const counts = rules.map(
    (rule, index) => `count(*) FILTER (WHERE ${fails(rule.expect)}) AS rule_${String(index)}`,
  );
  const [row] = await engine.rows(
    `SELECT count(*) AS row_count, ${counts.join(', ')} FROM (${body}\n) AS body`,
  );
  const results: ExpectationResult[] = [];
  for (const [index, rule] of rules.entries()) {
    const failedRows = Number(row?.[`rule_${String(index)}`] ?? 0);
    if (failedRows > 0)
      await quality.quarantine(
        table,
        rule.name,
        `SELECT CAST(NULL AS VARCHAR) AS source_file, CAST(NULL AS BIGINT) AS line, row_text(body) AS text
         FROM (${body}\n) AS body WHERE ${fails(rule.expect)}`,
      );
    results.push(result(table, rule, failedRows, Number(row?.['row_count'] ?? 0)));
  }
  return { select: keptRows(body, expectations), results };
}

/** A body without the rows that `drop` rules refuse; nothing is counted or kept of those. */
export function keptRows(body: string, expectations: readonly Expectation[]): string {
  const kept = expectations.flatMap((rule) =>
    'expect' in rule && rule.action === 'drop' ? [`coalesce((${rule.expect}), false)`] : [],
  );
  return kept.length === 0 ? body : `SELECT * FROM (${body}\n) AS body WHERE ${kept.join(' AND ')}`;
}

/**
 * Checks the `warn` and `fail` rules on rows that are on disk but not visible yet; throws HF205 for a
 * failed `fail` rule, so that the table stays as it was.
 */
export async function checkStaged(
  engine: Engine,
  staged: StagedWrite,
  expectations: readonly Expectation[],
): Promise<ExpectationResult[]> {
  const view = `staged.${staged.table.replace('.', '_')}`;
  if (expectations.some(({ action }) => action !== 'drop')) await staged.defineView(view);
  return checkView(engine, staged.table, view, staged.rows, expectations);
}

/** Checks the `warn` and `fail` rules of a table on the rows of a view. */
export async function checkView(
  engine: Engine,
  table: string,
  view: string,
  totalRows: number,
  expectations: readonly Expectation[],
): Promise<ExpectationResult[]> {
  const rules = expectations.filter(({ action }) => action !== 'drop');
  if (rules.length === 0) return [];
  const counts = await Promise.all(rules.map((rule, index) => failureCount(engine, rule, index)));
  const [row] = await engine.rows(`SELECT ${counts.join(', ')} FROM ${view}`);
  return rules.map((rule, index) =>
    result(table, rule, Number(row?.[`rule_${String(index)}`] ?? 0), totalRows),
  );
}

async function failureCount(engine: Engine, rule: Expectation, index: number): Promise<string> {
  const name = `rule_${String(index)}`;
  if ('expect' in rule) return `count(*) FILTER (WHERE ${fails(rule.expect)}) AS ${name}`;
  if ('unique' in rule) {
    const columns = rule.unique.map((column) => engine.identifier(column)).join(', ');
    return `count(*) - count(DISTINCT (${columns})) AS ${name}`;
  }
  const { column, from_table: table, from_column: from, missing } = rule.casts;
  const source = engine.identifier(from);
  const texts = missing.map((text) => `OR trim(CAST(${source} AS STRING)) = ${engine.literal(text)}`);
  const [before] = await engine.rows(
    `SELECT count(*) FILTER (WHERE ${source} IS NULL ${texts.join(' ')}) AS missing FROM ${table}`,
  );
  return `greatest(0, count(*) - count(${engine.identifier(column)}) - ${String(Number(before?.['missing'] ?? 0))}) AS ${name}`;
}

function result(table: string, rule: Expectation, failedRows: number, totalRows: number): ExpectationResult {
  const status = failedRows === 0 ? 'PASS' : rule.action === 'fail' ? 'FAIL' : 'WARN';
  return {
    table,
    expectation: rule.name,
    action: rule.action,
    status,
    failedRows,
    totalRows,
    description: rule.description ?? ('expect' in rule ? rule.expect : ''),
  };
}

/** Records results, tells warnings, and throws HF205 where a `fail` rule did not hold. */
export async function settle(
  quality: QualityLog,
  progress: Progress,
  results: readonly ExpectationResult[],
): Promise<void> {
  for (const found of results) {
    await quality.record(found);
    if (found.status === 'WARN')
      progress.warn(
        `${found.table}: ${found.expectation}: ${groupDigits(found.failedRows)} of ${groupDigits(found.totalRows)} rows${found.action === 'drop' ? ' dropped into quality.quarantined_rows' : ''}`,
      );
  }
  const failed = results.find(({ status }) => status === 'FAIL');
  if (failed !== undefined)
    throw new HoldfastError('HF205', {
      message: `${failed.table}: expectation ${failed.expectation} failed for ${groupDigits(failed.failedRows)} of ${groupDigits(failed.totalRows)} rows (${failed.description})`,
      hint: 'mend the source, or change the rule in expectations.yaml; the table stays as it was',
      place: { field: failed.table },
    });
}
