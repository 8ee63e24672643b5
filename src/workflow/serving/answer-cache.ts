/**
 * Answers that were given before. A key holds all that an answer is made of: what is loaded, the row as the models see
 * it, and what was asked for. So another model set, snapshot or threshold never meets an older answer, and neither key
 * nor value knows the entity.
 */
import { type Clock, hashOf, sha256, VERSION } from '../../kernel/index.ts';
import type { Pack } from '../../pack/index.ts';
import type { SharedCache } from '../../store/index.ts';
import { type Answering, answerTo, type RowToScore } from './answer.ts';
import { openMemory } from './answer-memory.ts';
import { answersTo, type Pause, type ReadRow } from './batch-answers.ts';
import type { ScoringAnswer, ScoringOptions } from './service.ts';

type KeptAnswer = Omit<ScoringAnswer, 'entityId' | 'isCached'>;

/** Counts since the start. */
export interface AnswerCacheFigures {
  readonly hits: number;
  readonly misses: number;
  /** Answers in memory. */
  readonly entries: number;
  /** Answers that came from the shared store; each is a hit when it is given. */
  readonly recalled: number;
  /** Calls to the shared store that failed or took too long. */
  readonly failures: number;
  /** Whether the shared store answers; undefined where there is none. */
  readonly isSharedUp: boolean | undefined;
}

export interface AnswerCache {
  /** Exact, not a digest; some hundred bytes. */
  keyOf(scope: string, row: RowToScore, options: ScoringOptions): string;
  get(key: string): KeptAnswer | undefined;
  put(key: string, answer: KeptAnswer): void;
  /** Brings answers of one set from the shared store to memory; absent where there is no such store. */
  recall?(keys: readonly string[], modelSetHash: string): Promise<void>;
  readonly figures: AnswerCacheFigures;
}

export interface AnswerCacheOptions {
  readonly lifeMs: number;
  /** Answers in memory at most. */
  readonly entries: number;
  readonly clock: Clock;
  readonly shared?: SharedCache | undefined;
}

export function openAnswerCache({ lifeMs, entries, clock, shared }: AnswerCacheOptions): AnswerCache {
  const memory = openMemory<KeptAnswer>(entries);
  const counts = { hits: 0, misses: 0, recalled: 0 };
  let scratch = new Float64Array(0);
  let bytes = Buffer.alloc(0);
  const now = (): number => clock.now().getTime();
  const recall = async (keys: readonly string[], modelSetHash: string): Promise<void> => {
    if (shared === undefined) return;
    const asked = keys.filter((key) => memory.get(key, now()) === undefined);
    if (asked.length === 0) return;
    const texts = await shared.get(asked.map(sharedKey));
    texts.forEach((text, index) => {
      const found = text === null ? undefined : readShared(text, modelSetHash);
      if (found === undefined) return;
      counts.recalled += 1;
      // Clocks of machines differ: nothing lives longer for it.
      memory.put(asked[index] as string, found.answer, Math.min(found.at, now()) + lifeMs);
    });
  };
  return {
    keyOf(scope, { told, worth, unseen, asOf }, { explain = false, reasons = true }) {
      // What the models see of a row is made of what may be told of it, so that alone tells rows apart.
      if (scratch.length !== told.length + 1) {
        scratch = new Float64Array(told.length + 1);
        bytes = Buffer.from(scratch.buffer);
      }
      scratch.set(told);
      scratch[told.length] = worth;
      const asked = (explain ? 2 : 0) + (reasons ? 1 : 0);
      return `${scope}${String(asked)}${asOf ?? ''}\0${unseen.join('\0')}\0\0${bytes.toString('latin1')}`;
    },
    get(key) {
      const answer = memory.get(key, now());
      if (answer === undefined) counts.misses += 1;
      else counts.hits += 1;
      return answer;
    },
    put(key, answer) {
      const at = now();
      memory.put(key, answer, at + lifeMs);
      shared?.put(sharedKey(key), JSON.stringify({ at, answer }), lifeMs);
    },
    ...(shared === undefined ? {} : { recall }),
    get figures() {
      return {
        ...counts,
        entries: memory.size,
        failures: shared?.failures ?? 0,
        isSharedUp: shared?.isUp,
      };
    },
  };
}

/** An answer from the cache where it knows the row, else from the models. */
export function answerThrough(
  cache: AnswerCache | undefined,
  answering: Answering & { readonly scope: string },
  entityId: string,
  row: RowToScore,
  options: ScoringOptions,
): ScoringAnswer {
  if (cache === undefined) return answerTo(answering, entityId, row, options);
  const key = cache.keyOf(answering.scope, row, options);
  const kept = cache.get(key);
  if (kept !== undefined) return { ...kept, entityId, isCached: true };
  const { entityId: _entityId, ...answer } = answerTo(answering, entityId, row, options);
  cache.put(key, answer);
  return { ...answer, entityId, isCached: false };
}

/** As `answerThrough` for many rows at once. */
export async function answersThrough(
  cache: AnswerCache | undefined,
  answering: Answering & { readonly scope: string },
  rows: readonly ReadRow[],
  options: ScoringOptions,
  pause: Pause,
): Promise<readonly ScoringAnswer[]> {
  if (cache === undefined) return answersTo(answering, rows, options, pause);
  const keys = rows.map(({ row }) => cache.keyOf(answering.scope, row, options));
  const kept = keys.map((key) => cache.get(key));
  const unknown = rows.filter((_row, index) => kept[index] === undefined);
  const made = (await answersTo(answering, unknown, options, pause)).values();
  return rows.map(({ entityId }, index) => {
    const known = kept[index];
    if (known !== undefined) return { ...known, entityId, isCached: true };
    const { entityId: _entityId, ...answer } = made.next().value as ScoringAnswer;
    cache.put(keys[index] as string, answer);
    return { ...answer, entityId, isCached: false };
  });
}

/** What answers depend on beside the row and the question; the same on every machine that loaded the same. */
export function scopeOf(parts: {
  readonly pack: Pack;
  readonly set: { readonly id: number; readonly hash: string };
  readonly lookup: string;
  readonly admitted: readonly number[] | undefined;
}): string {
  const { pack, set, lookup, admitted } = parts;
  const { file, features, playbook, hash } = pack;
  return hashOf({
    version: VERSION,
    // The hash is that of the files; settings are laid over what was read of them.
    pack: { hash, file, features, playbook },
    set: [set.id, set.hash],
    lookup,
    admitted: admitted?.map(String) ?? null,
  }).slice(0, 32);
}

const sharedKey = (key: string): string => `holdfast:answer:${sha256(key)}`;

/** What a server kept; undefined for what it cannot have been. */
function readShared(
  text: string,
  modelSetHash: string,
): { readonly at: number; readonly answer: KeptAnswer } | undefined {
  try {
    const { at, answer } = JSON.parse(text) as { at: unknown; answer: Partial<KeptAnswer> };
    const isAnswer =
      typeof at === 'number' && answer.modelSetHash === modelSetHash && Array.isArray(answer.horizons);
    return isAnswer ? { at, answer: answer as KeptAnswer } : undefined;
  } catch {
    return undefined;
  }
}
