/**
 * What a door asks of scoring: one row at a time, answered at once by the models in memory. The door parses, checks
 * rights and presents; the service knows features, models and tiers.
 */
import type { HoldfastError, Json } from '../../kernel/index.ts';

/** A value of a feature as a request gives it; null where it is not known. */
export type RequestValue = number | string | null;

/** A feature of the pack's contract as a request gives it, with what training knows of it. */
export interface RequestFeature {
  readonly name: string;
  readonly type: 'numeric' | 'categorical';
  /** Whether only whole numbers make sense. */
  readonly isInteger: boolean;
  /** Lowest and highest value that makes sense; absent where the contract gives none. */
  readonly range?: readonly [number | null, number | null];
  readonly unit?: string;
  readonly label: string;
  readonly isNullable: boolean;
  /** Categories of training; another one is allowed and said in the answer. Empty for numbers. */
  readonly categories: readonly string[];
  /** The models that answer do not read it: a request may leave it out, and what it gives must fit all the same. */
  readonly isUnused?: true;
}

/** One entity to score: all features, or its key alone. */
export interface ScoringRequest {
  readonly entityId: string;
  /** Undefined: the features of the newest snapshot are looked up. */
  readonly features?: Readonly<Record<string, RequestValue>>;
}

export interface HorizonAnswer {
  readonly days: number;
  /** Calibrated, and not lower than that of a shorter horizon. */
  readonly probability: number;
  /** 1 to 10, 10 is the highest risk. */
  readonly riskDecile: number;
  readonly riskScore: number;
}

export interface ReasonAnswer {
  readonly text: string;
  readonly driver: string;
  readonly horizonDays: number;
}

export interface ContributionAnswer {
  readonly horizonDays: number;
  /** Log-odds that every row starts from. */
  readonly base: number;
  /** Log-odds by feature; with the base they add up to the raw score. */
  readonly features: Readonly<Record<string, number>>;
}

export interface ScoringAnswer {
  readonly entityId: string;
  readonly horizons: readonly HorizonAnswer[];
  readonly tier: string;
  readonly action: string;
  readonly owner: string;
  readonly sla: string;
  /** At most three, the strongest first. */
  readonly reasons: readonly ReasonAnswer[];
  /** Only where it was asked for. */
  readonly contributions?: readonly ContributionAnswer[];
  /** Features whose category no training row had. */
  readonly unseenCategories: readonly string[];
  /** Day of the snapshot that the features are from; absent where the request gave them. */
  readonly featuresAsOf?: string;
  /** Fields of a row as it would be delivered whose value could not be read, and counts as missing; absent where none. */
  readonly unreadFields?: readonly string[];
  readonly modelSet: number;
  readonly modelSetHash: string;
  /** Who answered, where a champion and a challenger are at work; absent where there is only the champion. */
  readonly answeredBy?: 'champion' | 'challenger' | 'shadow';
  /** Whether it was given before and kept; absent where answers are not kept. */
  readonly isCached?: boolean;
}

/** The model set that answers, as it was loaded. */
export interface ServedSet {
  readonly id: number;
  readonly hash: string;
  readonly loadedAt: string;
  readonly models: readonly {
    readonly name: string;
    readonly version: number;
    readonly days: number;
    readonly trees: number;
    readonly loadSeconds: number;
  }[];
  /** As they are set: what the thresholds apply to, and the ladder. */
  readonly tiers: Json;
}

/** Who is to challenge the champion, and how. */
export interface ChallengerState {
  /** As it was asked for: the number of a set, or `challenger`. */
  readonly named: string;
  /** Null where none challenges at present: the champion then answers all. */
  readonly set: ServedSet | null;
  /** Why none does; null where one does. */
  readonly reason: string | null;
  /** Whether it scores, unheard, what the champion answers. */
  readonly isShadow: boolean;
  /** Percent of the entities that it answers. */
  readonly splitPercent: number;
}

/** What a reload came to for the set that challenges. */
export interface ChallengerOutcome {
  readonly outcome: 'loaded' | 'unchanged' | 'refused';
  /** Why there is none; the champion then answers all. */
  readonly reason?: string;
  readonly set: ServedSet | null;
}

export interface ReloadOutcome {
  readonly outcome: 'loaded' | 'unchanged' | 'refused';
  /** Why the new set was refused; the old one goes on answering. */
  readonly reason?: string;
  readonly set: ServedSet | null;
  /** Absent where the service was asked for none. */
  readonly challenger?: ChallengerOutcome;
}

/** Fields of a row as it would be delivered, by the columns of its source. */
export type RawFields = Readonly<Record<string, string | number | boolean | null>>;

/** What a row as it would be delivered has, by the columns of its source, with their types. */
export interface RawContract {
  readonly key: { readonly column: string; readonly type: string };
  /** It must have these. */
  readonly columns: Readonly<Record<string, string>>;
  /** It may have these; no feature is made of them. */
  readonly otherColumns: Readonly<Record<string, string>>;
}

/** Makes features of rows as they would be delivered, by the pack's own SQL. */
export interface RawReader {
  /** HF402 where the pack's features are not made of one row each. */
  contract(): Promise<RawContract>;
  /**
   * Features of one row, some milliseconds; rows wait for each other. `unread` names fields whose value could not be
   * read as their type, and counts as missing.
   *
   * @throws HF203 with the field's name for a column that the row does not have, HF402 as `contract`, HF504 for a row
   *   that a rule of the pack leaves out.
   */
  features(fields: RawFields): Promise<{
    readonly features: Readonly<Record<string, RequestValue>>;
    readonly unread: readonly string[];
  }>;
}

/** What an answer is to hold beside the scores. */
export interface ScoringOptions {
  /** Contributions of all features at all horizons; default false. */
  readonly explain?: boolean;
  /** Reasons of a row in a tier of the ladder; default true. */
  readonly reasons?: boolean;
  /**
   * Neither given from the answers that are kept, nor kept, nor counted among them, and by the champion alone; default
   * false.
   */
  readonly isApart?: boolean;
}

export interface ScoringService extends AsyncDisposable {
  /** Null until a set is loaded. */
  readonly set: ServedSet | null;
  /** Why nothing is loaded; null where something is. */
  readonly notReadyReason: string | null;
  /** Name of the entity's key in requests, such as `customer_id`. */
  readonly idField: string;
  readonly features: readonly RequestFeature[];
  /**
   * Scores one entity; synchronous, some tens of microseconds a model.
   *
   * @throws HF504 with the feature's name for a value that does not fit, HF602 where nothing is loaded, HF603 where the
   *   key is in no snapshot.
   */
  score(request: ScoringRequest, options?: ScoringOptions): ScoringAnswer;
  /** Absent where the pack has dates, so that features need a history. */
  readonly raw?: RawReader | undefined;
  /**
   * Scores many entities by one model set, other requests getting their turn meanwhile: for each what `score` would
   * answer, or the HF504 or HF603 that it would throw. Absent where `score` is all there is.
   */
  readonly scoreMany?:
    | ((
        requests: readonly ScoringRequest[],
        options?: ScoringOptions,
      ) => Promise<readonly (ScoringAnswer | HoldfastError)[]>)
    | undefined;
  /**
   * Brings kept answers that other servers gave to these requests into memory, for the `score` that follows; absent where
   * none are shared. Never fails, and takes no longer than the limit of the shared store.
   */
  readonly recall?:
    ((requests: readonly ScoringRequest[], options?: ScoringOptions) => Promise<void>) | undefined;
  /** Snapshot that keys are looked up in; absent where there is none. */
  readonly snapshot?: { readonly asOf: string; readonly entities: number } | undefined;
  /** Absent where the service was asked for none. */
  readonly challenger?: ChallengerState;
  /**
   * What the challenger would say, for nobody to hear; undefined where it is not asked for, or none challenges. Throws
   * as `score`.
   */
  scoreInShadow?(request: ScoringRequest): ScoringAnswer | undefined;
  /** Whether keys can be looked up: not while the features of a first load are still being read. */
  readonly lookup?: 'loaded' | 'loading' | 'none' | undefined;
  /** Loads the champion of now, and the newest features, where they are others than those in memory. */
  reload(): Promise<ReloadOutcome>;
}
