/** Logistic regressions in the calling thread. */
import { type Rows, rowsOf } from '../rows.ts';
import { logisticBackend } from './backend.ts';

/**
 * Reads a model.
 *
 * @throws HF503 when the text is not a usable model.
 */
export const openRows = (modelText: string): Promise<Rows> =>
  Promise.resolve(rowsOf(logisticBackend.load(modelText)));
