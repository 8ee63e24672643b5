/**
 * Scoring as a door asks for it: whatever an answer needs lies in memory, and is exchanged as a whole when something
 * newer has been proven.
 */
import { HoldfastError } from '../../kernel/index.ts';
import { answerTo, givenRow, type RowToScore } from './answer.ts';
import { load, type Loaded, type ScoringParts } from './load.ts';
import { openRawRows, type RawRows } from './raw-rows.ts';
import { requestFeatures } from './request-features.ts';
import type {
  RawFields,
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
  const { pack, thresholds = {} } = parts;
  const tiers = withThresholds(pack.file.tiers, thresholds);
  const service = new LoadedService({ ...parts, pack: { ...pack, file: { ...pack.file, tiers } } });
  await service.reload();
  return service;
}

class LoadedService implements ScoringService {
  readonly idField: string;
  readonly scoreRaw?: NonNullable<ScoringService['scoreRaw']>;
  readonly #parts: ScoringParts;
  readonly #raw: RawRows | undefined;
  #loaded: Loaded | undefined;
  #reason = 'the models are being loaded';
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(parts: ScoringParts) {
    const { pack, clock, openEngine } = parts;
    this.#parts = parts;
    this.idField = requestKeyOf(pack);
    if (pack.file.undated === undefined) return;
    const raw = openRawRows(pack, clock, openEngine);
    this.#raw = raw;
    this.scoreRaw = (entityId, fields, options) => this.#scoreRaw(raw, entityId, fields, options);
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

  score({ entityId, features }: ScoringRequest, options: ScoringOptions = {}): ScoringAnswer {
    const loaded = this.#answering();
    const row = features === undefined ? this.#lookedUp(loaded, entityId) : givenRow(loaded, features);
    return answerTo(loaded, entityId, row, options);
  }

  reload(): Promise<ReloadOutcome> {
    const result = this.#last.then(() => this.#reload());
    this.#last = result.catch(() => undefined);
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    await this.#raw?.[Symbol.asyncDispose]();
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

  async #scoreRaw(
    raw: RawRows,
    entityId: string,
    fields: RawFields,
    options: ScoringOptions = {},
  ): Promise<ScoringAnswer> {
    // Says so before any work is done.
    this.#answering();
    const { values, unread } = await raw.features(fields);
    // Another set may have come meanwhile.
    const loaded = this.#answering();
    const answer = answerTo(loaded, entityId, givenRow(loaded, values), options);
    return unread.length === 0 ? answer : { ...answer, unreadFields: unread };
  }

  /** What is left of a first load. Where it fails by a fault of ours, the next reload tries again. */
  #loadLookup(): void {
    void this.reload().catch((error: unknown) => {
      this.#parts.progress?.warn(`features cannot be looked up yet: ${String(error)}`);
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
