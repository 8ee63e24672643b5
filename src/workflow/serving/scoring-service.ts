/**
 * Scoring as a door asks for it: whatever an answer needs lies in memory, and is exchanged as a whole when something
 * newer has been proven.
 */
import { HoldfastError } from '../../kernel/index.ts';
import { givenRow, type RowToScore } from './answer.ts';
import { type AnswerCache, answersThrough, answerThrough } from './answer-cache.ts';
import { pauseOf, type ReadRow, SetExchanged } from './batch-answers.ts';
import { load, type Loaded, type ScoringParts } from './load.ts';
import { openRawRows, type RawRows } from './raw-rows.ts';
import { requestFeatures } from './request-features.ts';
import type {
  ReloadOutcome,
  RequestFeature,
  ScoringAnswer,
  ScoringOptions,
  ScoringRequest,
  ScoringService,
  ServedSet,
} from './service.ts';
import { withThresholds } from './tier-settings.ts';

/**
 * Opens the service and loads what there is; where that is nothing, or refused, it says why and answers nothing until a
 * `reload` succeeds. The caller disposes it. HF103 where the thresholds do not fit the tiers.
 */
export async function openScoringService(parts: ScoringParts): Promise<ScoringService> {
  const service = unloadedService(parts);
  await service.reload();
  return service;
}

/** As `openScoringService`, but nothing is loaded before the first `reload`. */
export function unloadedService(parts: ScoringParts): ScoringService {
  const { pack, thresholds = {} } = parts;
  const tiers = withThresholds(pack.file.tiers, thresholds);
  return new LoadedService({ ...parts, pack: { ...pack, file: { ...pack.file, tiers } } });
}

/** What a row can be refused for. */
const OF_ROWS: ReadonlySet<string> = new Set(['HF504', 'HF603']);

class LoadedService implements ScoringService {
  readonly idField: string;
  readonly raw?: RawRows;
  readonly recall?: NonNullable<ScoringService['recall']>;
  readonly #parts: ScoringParts;
  #loaded: Loaded | undefined;
  #reason = 'the models are being loaded';
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(parts: ScoringParts) {
    const { pack, clock, openEngine, cache } = parts;
    this.#parts = parts;
    if (cache?.recall !== undefined) {
      this.recall = (requests, options) => this.#recall(cache, requests, options);
    }
    this.idField = requestKeyOf(pack);
    if (pack.file.undated !== undefined) this.raw = openRawRows(pack, clock, openEngine);
  }

  get set(): ServedSet | null {
    return this.#loaded?.set ?? null;
  }

  get notReadyReason(): string | null {
    return this.#loaded === undefined ? this.#reason : null;
  }

  get features(): readonly RequestFeature[] {
    return this.#loaded?.requested ?? requestFeatures(this.#parts.pack, undefined, new Set());
  }

  get snapshot(): NonNullable<ScoringService['snapshot']> | undefined {
    const index = this.#loaded?.lookup.index;
    return index === undefined ? undefined : { asOf: index.asOf, entities: index.rows };
  }

  get lookup(): NonNullable<ScoringService['lookup']> {
    const { index, isLoading } = this.#loaded?.lookup ?? { index: undefined, isLoading: false };
    if (index !== undefined) return 'loaded';
    return isLoading ? 'loading' : 'none';
  }

  score(request: ScoringRequest, options: ScoringOptions = {}): ScoringAnswer {
    const loaded = this.#answering();
    const row = this.#row(loaded, request);
    return answerThrough(this.#cacheFor(options), loaded, request.entityId, row, options);
  }

  async scoreMany(
    requests: readonly ScoringRequest[],
    options: ScoringOptions = {},
  ): Promise<readonly (ScoringAnswer | HoldfastError)[]> {
    for (;;) {
      const loaded = this.#answering();
      const isInUse = (): boolean => this.#loaded?.served === loaded.served;
      try {
        return await this.#scoreMany(loaded, requests, options, isInUse);
      } catch (error) {
        // Also what a thread says that was stopped since its set was exchanged.
        if (isInUse() && !(error instanceof SetExchanged)) throw error;
      }
    }
  }

  async #scoreMany(
    loaded: Loaded,
    requests: readonly ScoringRequest[],
    options: ScoringOptions,
    isInUse: () => boolean,
  ): Promise<readonly (ScoringAnswer | HoldfastError)[]> {
    const pause = pauseOf(isInUse);
    const rows: (ReadRow | HoldfastError)[] = [];
    for (const request of requests) {
      try {
        rows.push({ entityId: request.entityId, row: this.#row(loaded, request) });
      } catch (error) {
        if (!(error instanceof HoldfastError) || !OF_ROWS.has(error.code)) throw error;
        rows.push(error);
      }
      if (rows.length % 32 === 0) await pause();
    }
    const good = rows.filter((row): row is ReadRow => !(row instanceof HoldfastError));
    const answers = (await answersThrough(this.#cacheFor(options), loaded, good, options, pause)).values();
    return rows.map((row) => (row instanceof HoldfastError ? row : (answers.next().value as ScoringAnswer)));
  }

  reload(): Promise<ReloadOutcome> {
    const result = this.#last.then(() => this.#reload());
    this.#last = result.catch(() => undefined);
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    await this.raw?.[Symbol.asyncDispose]();
    this.#loaded?.served[Symbol.dispose]();
    this.#loaded = undefined;
    this.#reason = 'the service is closed';
  }

  #answering(): Loaded {
    if (this.#loaded !== undefined) return this.#loaded;
    throw new HoldfastError('HF602', {
      message: `nothing can be answered yet: ${this.#reason}`,
      hint: 'once that is mended, let the service reload',
    });
  }

  #cacheFor({ isApart = false }: ScoringOptions): AnswerCache | undefined {
    return isApart ? undefined : this.#parts.cache;
  }

  #row(loaded: Loaded, { entityId, features }: ScoringRequest): RowToScore {
    return features === undefined ? this.#lookedUp(loaded, entityId) : givenRow(loaded, features);
  }

  async #recall(
    cache: AnswerCache,
    requests: readonly ScoringRequest[],
    options: ScoringOptions = {},
  ): Promise<void> {
    const loaded = this.#loaded;
    if (loaded === undefined) return;
    const keys = requests.flatMap((request) => {
      try {
        return [cache.keyOf(loaded.scope, this.#row(loaded, request), options)];
      } catch (error) {
        // What is wrong with a row is said when it is scored.
        if (error instanceof HoldfastError) return [];
        throw error;
      }
    });
    await cache.recall?.(keys, loaded.set.hash);
  }

  #lookedUp({ lookup: { index, failure, isLoading } }: Loaded, entityId: string): RowToScore {
    const { name } = this.#parts.pack.file.entity;
    const key = this.idField;
    if (index === undefined)
      throw new HoldfastError('HF602', {
        message: `features of a ${name} cannot be looked up: ${failure}`,
        hint: isLoading
          ? 'try again in a moment, or send all features with the request'
          : 'send all features with the request, or let the service read a workspace that was built',
        place: { field: key },
      });
    const row = index.find(entityId);
    if (row !== undefined) return { ...row, asOf: index.asOf };
    throw new HoldfastError('HF603', {
      message: `there is no ${name} ${JSON.stringify(entityId)} at risk in the snapshot of ${index.asOf}`,
      hint: 'check the key, or send all features with the request',
      place: { field: key },
    });
  }

  /** What is left of a first load. Where it fails by a fault of ours, the next reload tries again. */
  #loadLookup(): void {
    const { lookupAfter = Promise.resolve(), progress } = this.#parts;
    const load = (): Promise<ReloadOutcome> => this.reload();
    void lookupAfter.then(load).catch((error: unknown) => {
      progress?.warn(`features cannot be looked up yet: ${String(error)}`);
    });
  }

  async #reload(): Promise<ReloadOutcome> {
    if (this.#isClosed) return { outcome: 'unchanged', set: this.set };
    const before = this.#loaded;
    try {
      const next = await load(this.#parts, before);
      this.#loaded = next;
      if (next.lookup.isLoading) this.#loadLookup();
      if (before !== undefined && next.served !== before.served) before.served[Symbol.dispose]();
      return { outcome: next === before ? 'unchanged' : 'loaded', set: next.set };
    } catch (error) {
      // What is wrong with files and tables can be mended while the old set answers; all else is a fault of ours.
      if (!(error instanceof HoldfastError)) throw error;
      const { code, message, hint } = error;
      this.#reason = `${message}${hint === undefined ? '' : ` (${hint})`} [${code}]`;
      return { outcome: 'refused', reason: this.#reason, set: this.set };
    }
  }
}

/** `customer_id`: requests name the key after the entity, whatever the tables call it. */
function requestKeyOf({ file }: ScoringParts['pack']): string {
  return `${file.entity.name.replaceAll(/\W+/g, '_')}_id`;
}
