/** What takes long and is done beside the thread that answers: an order to a thread of its own, and what comes back. */
import type { DuckDbOptions } from '../../engine/index.ts';
import type { Failure } from '../../kernel/index.ts';
import type { ModelReading, ModelToLoad } from '../../learner/index.ts';
import type { FeatureEncoding } from '../../model/index.ts';
import type { Pack } from '../../pack/index.ts';
import type { IndexData } from './feature-index.ts';

export type ThreadOrder =
  | { readonly kind: 'models'; readonly models: readonly ModelToLoad[] }
  | {
      readonly kind: 'index';
      readonly engine: DuckDbOptions;
      /** Folder of the lake. */
      readonly lake: string;
      readonly pack: Pack;
      readonly encoding: FeatureEncoding;
      readonly versions: Readonly<Record<string, number>>;
    };

export type OrderOf<Kind extends ThreadOrder['kind']> = Extract<ThreadOrder, { readonly kind: Kind }>;

/** A model text that was read, or what is wrong with it. */
export type ReadText = { readonly reading: ModelReading } | { readonly failure: Failure };

/** By kind of order. */
export interface ThreadAnswers {
  readonly models: readonly ReadText[];
  readonly index: { readonly data: IndexData; readonly warnings: readonly string[] };
}

export type ThreadMessage =
  | { readonly kind: 'answer'; readonly answer: ThreadAnswers[keyof ThreadAnswers] }
  | { readonly kind: 'failure'; readonly failure: Failure };
