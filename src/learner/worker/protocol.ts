/** What the learner and its worker say to each other. Large arrays lie in shared memory. */
import type { Failure } from '../../kernel/index.ts';
import type { Prediction } from '../backend.ts';
import type { FeatureMatrix, TrainingResult, TrainingTask } from '../learner.ts';

/** What a worker is started with. */
export interface WorkerSettings {
  /** The native library; undefined for a learner that has none. */
  readonly libraryPath: string | undefined;
}

export type Order =
  | {
      readonly kind: 'train';
      readonly task: TrainingTask;
      readonly threads: number;
      /** One number in shared memory; other than 0 asks the worker to stop. */
      readonly cancelled: Int32Array;
    }
  | { readonly kind: 'load'; readonly modelText: string }
  | {
      readonly kind: 'predict';
      readonly model: number;
      readonly what: Prediction;
      readonly features: FeatureMatrix;
      readonly threads: number;
    }
  | { readonly kind: 'unload'; readonly model: number }
  | { readonly kind: 'close' };

/** What comes back, by kind of order. */
export interface Answers {
  readonly train: TrainingResult;
  readonly load: { readonly model: number; readonly features: number; readonly trees: number };
  readonly predict: Float64Array;
  readonly unload: null;
  readonly close: null;
}

export type Answer = Answers[keyof Answers];

/** An order with the number its answer will carry. */
export type NumberedOrder = Order & { readonly id: number };

export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'unusable'; readonly failure: Failure }
  | {
      readonly kind: 'progress';
      readonly id: number;
      readonly round: number;
      readonly metric: number | undefined;
    }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly kind: 'failure'; readonly id: number; readonly failure: Failure };
