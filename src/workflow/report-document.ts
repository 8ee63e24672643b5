/** The documents of `reports/`: JSON in snake_case, each under the name of its schema. */
import { readFile } from 'node:fs/promises';
import { metricList } from '../domain/index.ts';
import { camelKeys, snakeKeys } from '../kernel/index.ts';
import { writeReportFile } from '../store/index.ts';

/** A new number with every change that a reader must know of. */
export const REPORT_SCHEMAS = {
  evaluation: 'holdfast.evaluation/1',
  backtest: 'holdfast.backtest/1',
  report: 'holdfast.report/2',
} as const;

/** Writes a document in one go. */
export async function writeDocument(
  file: string,
  schema: keyof typeof REPORT_SCHEMAS,
  content: object,
): Promise<void> {
  const document = { schema: REPORT_SCHEMAS[schema], ...(snakeKeys(content) as object) };
  await writeReportFile(file, `${JSON.stringify(document, undefined, 1)}\n`);
}

/**
 * The content of a document of ours, as far as it has the schema of this version; undefined where it is not there,
 * not whole, or of another version: it is as good as none then.
 */
export async function readDocument<T>(
  file: string,
  schema: keyof typeof REPORT_SCHEMAS,
): Promise<Partial<T> | undefined> {
  let document: unknown;
  try {
    document = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
  if (document === null || typeof document !== 'object') return undefined;
  const { schema: found, ...content } = document as { schema?: unknown };
  return found === REPORT_SCHEMAS[schema] ? (camelKeys(content, isMetricName()) as Partial<T>) : undefined;
}

/** Metrics keep their names where they stand by these, and so does all that a summary of folds is by. */
function isMetricName(): (key: string, parent: string) => boolean {
  const metrics = new Set(metricList().map(({ name }) => name));
  const isByMetric = (parent: string): boolean => parent === 'metrics' || parent === 'model_minus_baseline';
  return (key, parent) => parent === 'summary' || (isByMetric(parent) && metrics.has(key));
}
