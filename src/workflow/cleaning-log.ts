/** Says and records what cleaning did to rows that were trained on or scored. */
import { groupDigits } from '../kernel/index.ts';
import { type CleaningCount, countCleaning, type FeatureEncoding } from '../model/index.ts';
import type { Context } from './context.ts';

export interface CleanedRows {
  readonly purpose: 'train' | 'score';
  readonly modelSet: number;
  readonly table: string;
  /** SQL condition over the table. */
  readonly where: string;
}

/**
 * Counts what cleaning found and did, into `quality.cleaning_results`, and tells what was left out or refused.
 * Returns a few words for the summary of the step; undefined where the pack cleans nothing.
 */
export async function logCleaning(
  { engine, quality, pack, progress }: Context,
  encoding: FeatureEncoding,
  { purpose, modelSet, table, where }: CleanedRows,
): Promise<string | undefined> {
  if (pack.file.cleaning === undefined) return undefined;
  const counts = await countCleaning(engine, encoding, table, where);
  for (const count of counts) {
    await quality.recordCleaning({ purpose, modelSet, ...count });
    for (const message of refused(count)) progress.warn(message);
  }
  if (purpose === 'train')
    for (const { name } of encoding.dropped ?? [])
      progress.warn(`${name} is ${counts.find(({ feature }) => feature === name)?.done ?? 'left out'}`);
  await quality.flush();
  const sum = (of: (count: CleaningCount) => number): string =>
    groupDigits(counts.reduce((total, count) => total + of(count), 0));
  return `cleaning replaced ${sum(({ replaced }) => replaced)} values and capped ${sum(({ capped }) => capped)}`;
}

function refused({ feature, impossible, unseen, rows }: CleaningCount): string[] {
  const of = `of ${groupDigits(rows)} values`;
  return [
    ...(impossible === 0
      ? []
      : [`${feature}: ${groupDigits(impossible)} ${of} are impossible and count as missing`]),
    ...(unseen === 0
      ? []
      : [
          `${feature}: ${groupDigits(unseen)} ${of} are of no category of the training rows and count as missing`,
        ]),
  ];
}
