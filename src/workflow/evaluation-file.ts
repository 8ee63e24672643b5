import path from 'node:path';
import type { Context } from './context.ts';

/** Where the evaluation of a set is written. */
export const evaluationFile = ({ folders }: Pick<Context, 'folders'>, set: number): string =>
  path.join(folders.reports, `evaluation-set-${String(set)}.json`);
