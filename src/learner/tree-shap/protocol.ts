/** What the explainer and its workers say to each other. Matrices, row indexes and results are shared. */
import type { RowsTask } from './runner.ts';

export interface ExplainOrder {
  readonly id: number;
  readonly task: RowsTask;
  /** Rows in all. */
  readonly places: number;
  /** One number that all workers share: the first place that nobody has taken yet. */
  readonly next: Int32Array;
}

/** A worker has found nothing more to take. */
export interface ExplainAnswer {
  readonly id: number;
}
