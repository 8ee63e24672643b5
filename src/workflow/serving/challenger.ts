/**
 * A challenger beside the champion: each is a service of its own, and this one says which of them answers whom. The
 * champion is never touched by what becomes of the challenger.
 */
import { HoldfastError } from '../../kernel/index.ts';
import type { IdentityHash } from '../../store/index.ts';
import type {
  ChallengerOutcome,
  ChallengerState,
  ReloadOutcome,
  RequestFeature,
  ScoringAnswer,
  ScoringOptions,
  ScoringRequest,
  ScoringService,
  ServedSet,
} from './service.ts';

/** What is wanted of a challenger. */
export interface ChallengeTerms {
  /** Number of a set, or `challenger` for the registry's. */
  readonly named: string;
  /** Whether it scores, unheard, what the champion answers. */
  readonly isShadow: boolean;
  /** Percent of the entities that it answers. */
  readonly splitPercent: number;
}

export interface ChallengeParts {
  readonly champion: ScoringService;
  readonly challenger: ScoringService;
  readonly terms: ChallengeTerms;
  /** Number of the set that is to challenge now; null where there is none. HF507 where there is no such set. */
  readonly wanted: () => Promise<number | null>;
  readonly hash: IdentityHash;
}

/** Hexadecimal digits of a hash that the share of an entity is made of. */
const SHARE_DIGITS = 8;
const SHARES = 16 ** SHARE_DIGITS;

/**
 * Answers by two services; owns both. The challenger is loaded in the background, when the champion has all it answers
 * with; until then, and whatever fails there, the champion answers all.
 */
export function openChallenge(parts: ChallengeParts): Promise<ScoringService> {
  const service = new ChallengedService(parts);
  // Its outcome is what the service says of the challenger; what fails of the champion is told by the reloads to come.
  service.reload().catch(() => undefined);
  return Promise.resolve(service);
}

class ChallengedService implements ScoringService {
  readonly idField: string;
  readonly #parts: ChallengeParts;
  /** Why nobody challenges; null where somebody does. */
  #reason: string | null = 'it is still being loaded';
  #union: readonly RequestFeature[] = [];
  #unionOf: readonly (readonly RequestFeature[])[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: ChallengeParts) {
    this.#parts = parts;
    this.idField = parts.champion.idField;
  }

  get raw(): ScoringService['raw'] {
    return this.#parts.champion.raw;
  }

  /** Of the champion: it answers whatever the challenger cannot look up. */
  get lookup(): ScoringService['lookup'] {
    return this.#parts.champion.lookup;
  }

  /** By both; absent where one of them scores row by row. */
  get scoreMany(): ScoringService['scoreMany'] {
    const { champion, challenger } = this.#parts;
    const byChampion = champion.scoreMany?.bind(champion);
    const byChallenger = challenger.scoreMany?.bind(challenger);
    if (byChampion === undefined || byChallenger === undefined) return undefined;
    return async (requests, options) => {
      const isSplitOff = requests.map((request) => this.#isSplitOff(request));
      const part = (isOthers: boolean): ScoringRequest[] =>
        requests.filter((_request, index) => isSplitOff[index] === isOthers);
      const [own, others] = await Promise.all([
        byChampion(part(false), options),
        isSplitOff.includes(true) ? byChallenger(part(true), options) : [],
      ]);
      const [nextOwn, nextOther] = [own.values(), others.values()];
      return isSplitOff.map((isOthers) => {
        const answer = (isOthers ? nextOther : nextOwn).next().value as ScoringAnswer | HoldfastError;
        if (answer instanceof HoldfastError) return answer;
        return { ...answer, answeredBy: isOthers ? 'challenger' : 'champion' };
      });
    };
  }

  /** Of the champion and the challenger; absent where nothing is shared, which is the same for both. */
  get recall(): ScoringService['recall'] {
    const { champion, challenger } = this.#parts;
    if (champion.recall === undefined) return undefined;
    return async (requests, options) => {
      const isSplitOff = (request: ScoringRequest): boolean => this.#isSplitOff(request);
      await Promise.all([
        champion.recall?.(
          requests.filter((request) => !isSplitOff(request)),
          options,
        ),
        challenger.recall?.(requests.filter(isSplitOff), options),
      ]);
    };
  }

  get set(): ServedSet | null {
    return this.#parts.champion.set;
  }

  get notReadyReason(): string | null {
    return this.#parts.champion.notReadyReason;
  }

  get snapshot(): ScoringService['snapshot'] {
    return this.#parts.champion.snapshot;
  }

  /** Where both answer, a feature is needed that one of them needs: an entity's set must not change what is asked for. */
  get features(): readonly RequestFeature[] {
    const { champion, challenger, terms } = this.#parts;
    const own = champion.features;
    if (this.#active() === null || terms.splitPercent === 0) return own;
    const other = challenger.features;
    if (this.#unionOf[0] !== own || this.#unionOf[1] !== other) {
      this.#unionOf = [own, other];
      this.#union = unionOf(own, other);
    }
    return this.#union;
  }

  get challenger(): ChallengerState {
    const { terms } = this.#parts;
    return {
      named: terms.named,
      set: this.#active(),
      reason: this.#active() === null ? (this.#reason ?? 'it is the champion') : null,
      isShadow: terms.isShadow,
      splitPercent: terms.splitPercent,
    };
  }

  score(request: ScoringRequest, options?: ScoringOptions): ScoringAnswer {
    const { champion, challenger } = this.#parts;
    // What nobody is to be answered with has no part in the challenge.
    return options?.isApart !== true && this.#isSplitOff(request)
      ? { ...challenger.score(request, options), answeredBy: 'challenger' }
      : { ...champion.score(request, options), answeredBy: 'champion' };
  }

  scoreInShadow(request: ScoringRequest): ScoringAnswer | undefined {
    if (this.#active() === null || !this.#parts.terms.isShadow) return undefined;
    // What clients are answered from is not for what nobody hears.
    const answer = this.#parts.challenger.score(request, { reasons: false, isApart: true });
    return { ...answer, answeredBy: 'shadow' };
  }

  reload(): Promise<ReloadOutcome> {
    const result = this.#last.then(async () => {
      const outcome = await this.#parts.champion.reload();
      return { ...outcome, challenger: await this.#followChallenger() };
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Loads the set that is to challenge now; where that is none, or refused, none challenges. */
  async #followChallenger(): Promise<ChallengerOutcome> {
    const { challenger, wanted, terms } = this.#parts;
    const before = this.#active();
    try {
      const id = await wanted();
      if (id === null) return this.#without(`there is no ${terms.named} at present`);
      if (id === this.set?.id) return this.#without(`set ${String(id)} is the champion`);
      const { outcome, reason = '' } = await challenger.reload();
      if (challenger.set?.id !== id) return this.#without(reason);
      this.#reason = null;
      const set = this.#active();
      if (set === null) return this.#without(`set ${String(id)} holds the same models as the champion`);
      // The same set as before, of which only the newest features were refused, goes on with those of before.
      return before?.hash === set.hash
        ? { outcome: outcome === 'refused' ? 'unchanged' : outcome, set }
        : { outcome: 'loaded', set };
    } catch (error) {
      // The champion answers whatever fails here; the reason is said wherever the challenger is.
      return this.#without(reasonOf(error));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#parts.challenger[Symbol.asyncDispose]();
    await this.#parts.champion[Symbol.asyncDispose]();
  }

  #without(reason: string): ChallengerOutcome {
    this.#reason = reason;
    return { outcome: 'refused', reason, set: null };
  }

  /** The set that challenges; null where none does. */
  #active(): ServedSet | null {
    if (this.#reason !== null) return null;
    const { champion, challenger } = this.#parts;
    const { set } = challenger;
    return set === null || champion.set === null || set.hash === champion.set.hash ? null : set;
  }

  /**
   * Whether the challenger answers. By the keyed hash of the log: the same at every start, on every route, and of the
   * log's rows too.
   */
  #isSplitOff({ entityId, features }: ScoringRequest): boolean {
    const { challenger, terms, hash } = this.#parts;
    if (terms.splitPercent === 0 || this.#active() === null) return false;
    const { lookup = 'loaded' } = challenger;
    if (features === undefined && lookup !== 'loaded') return false;
    const share = Number.parseInt(hash(entityId).slice(0, SHARE_DIGITS), 16) / SHARES;
    return share * 100 < terms.splitPercent;
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof HoldfastError)) return error instanceof Error ? error.message : String(error);
  return `${error.message}${error.hint === undefined ? '' : ` (${error.hint})`} [${error.code}]`;
}

function unionOf(
  own: readonly RequestFeature[],
  other: readonly RequestFeature[],
): readonly RequestFeature[] {
  const needed = new Set(other.filter(({ isUnused }) => isUnused !== true).map(({ name }) => name));
  return own.map((feature) => {
    if (feature.isUnused !== true || !needed.has(feature.name)) return feature;
    const { isUnused: _unused, ...used } = feature;
    return used;
  });
}
