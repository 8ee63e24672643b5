/** The rounds of a training with early stopping, whatever grows in them. */
import { HoldfastError } from '../kernel/index.ts';
import type { TrainingTask } from './learner.ts';
import type { TrainingSurroundings } from './backend.ts';

/** A model that grows by rounds, and the metric that decides when to stop. */
export interface Growing {
  /** Metric on the stop rows that decides; empty: none is looked at. */
  readonly metricName: string;
  readonly isHigherBetter: boolean;
  /** Grows by one round; `round` counts from 1. Returns false when there was nothing to grow. */
  grow(round: number): boolean;
  /** Value of the metric after the newest round. */
  evaluate(): number;
}

export interface Rounds {
  readonly run: number;
  /** The best round, or all of them without early stopping. */
  readonly kept: number;
  /** Value of the metric after each round; empty without one. */
  readonly values: readonly number[];
}

/**
 * Runs rounds until there are enough, none can be grown, or the metric has not improved for
 * `earlyStoppingRounds` rounds (0: no early stopping). The earliest round with the best value is kept.
 *
 * @throws HF930 when cancelled.
 */
export function runRounds(
  growing: Growing,
  task: Pick<TrainingTask, 'rounds' | 'earlyStoppingRounds'>,
  { onProgress, isCancelled }: TrainingSurroundings,
): Rounds {
  const sign = growing.isHigherBetter ? 1 : -1;
  const isMeasured = growing.metricName !== '';
  const stopsEarly = isMeasured && task.earlyStoppingRounds > 0;
  const values: number[] = [];
  let best = { round: 0, score: -Infinity };
  let run = 0;
  for (let round = 1; round <= task.rounds; round++) {
    if (isCancelled()) throw new HoldfastError('HF930', { message: 'training was interrupted' });
    const grew = growing.grow(round);
    // A first round without a split still leaves the constant; a later one leaves nothing.
    if (!grew && round > 1) break;
    run = round;
    const value = isMeasured ? growing.evaluate() : undefined;
    if (value !== undefined) values.push(value);
    onProgress(round, value);
    const score = sign * (value ?? NaN);
    if (score > best.score) best = { round, score };
    if (!grew || (stopsEarly && round - best.round >= task.earlyStoppingRounds)) break;
  }
  return { run, kept: stopsEarly && best.round > 0 ? best.round : run, values };
}

/**
 * @throws HF103 when there are stop rows and rounds to stop after, but no metric to decide by.
 */
export function requireMetric(
  metricName: string,
  task: Pick<TrainingTask, 'stopRows' | 'earlyStoppingRounds'>,
  { field, library, example }: { readonly field: string; readonly library: string; readonly example: string },
): void {
  if (metricName !== '' || task.stopRows.length === 0 || task.earlyStoppingRounds === 0) return;
  throw new HoldfastError('HF103', {
    message: `early stopping needs a metric and the parameters name none that ${library} knows`,
    hint: `set '${field}', for instance to ${example}`,
    place: { field },
  });
}
