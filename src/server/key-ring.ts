/** The keys that are valid now, and who holds one. */
import { timingSafeEqual } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { HoldfastError, type Clock } from '../kernel/index.ts';
import { keyHash, keyIdOf, type KeyRecord, type KeyStore, type Role } from '../store/index.ts';

/** Who sends a request. */
export interface Caller {
  /** Public part of the key; `open` where the server asks for none. */
  readonly id: string;
  /** Of the key, or its id where it was given none. */
  readonly name: string;
  readonly role: Role;
  /** When the key ends, in ISO 8601; null: never. */
  readonly expiresAt: string | null;
}

export interface KeyRing {
  /** Whether everybody may do everything: there never was a key. */
  readonly isOpen: boolean;
  /**
   * Who holds the key.
   *
   * @throws HF612 for a key that is missing, unknown, expired or revoked.
   */
  caller(key: string | undefined): Caller;
  /**
   * Who holds the key of this id, of whom it is known otherwise that they hold it.
   *
   * @throws HF612 where it is unknown, expired or revoked.
   */
  holder(id: string): Caller;
  /** Who holds a key that is valid now, in no order; where the server asks for none, whoever is at this machine. */
  holders(): Caller[];
  /** Reads the keys again where their file has changed. */
  refresh(): Promise<void>;
}

/** Whoever reaches a server without keys sits at the machine that it runs on. */
const ANYBODY: Caller = { id: 'open', name: 'this machine', role: 'admin', expiresAt: null };
/** Compared with where there is no such key, so that an unknown id takes as long as a wrong secret. */
const NO_HASH = Buffer.alloc(32);
const HINT = 'holdfast keys create makes a key; send it in the header X-API-Key';

/** The keys of a store. A server that has had keys once never opens by itself. */
export async function openKeyRing(store: KeyStore, clock: Clock): Promise<KeyRing> {
  let keys = new Map<string, KeyRecord>();
  let isOpen = true;
  let stamp = '';
  const refresh = async (): Promise<void> => {
    const found = await stat(store.file).catch(() => undefined);
    const now = found === undefined ? '' : `${String(found.mtimeMs)} ${String(found.size)}`;
    if (now === stamp) return;
    keys = new Map((await store.list()).map((record) => [record.id, record]));
    // A file without keys had some: it appears with the first.
    if (found !== undefined) isOpen = false;
    stamp = now;
  };
  await refresh();
  const refusalOf = ({ revokedAt, expiresAt }: KeyRecord): HoldfastError | undefined => {
    if (revokedAt !== null) return refused('the key was revoked', 'ask for a new key');
    if (expiresAt !== null && Date.parse(expiresAt) <= clock.now().getTime())
      return refused('the key has expired', 'ask for a new key');
    return undefined;
  };
  const valid = (record: KeyRecord): Caller => {
    const refusal = refusalOf(record);
    if (refusal !== undefined) throw refusal;
    return callerOf(record);
  };
  return {
    get isOpen() {
      return isOpen;
    },
    refresh,
    caller(key) {
      if (isOpen) return ANYBODY;
      if (key === undefined) throw refused('the request has no key', HINT);
      const record = keys.get(keyIdOf(key) ?? '');
      const isRight = timingSafeEqual(
        keyHash(key),
        record === undefined ? NO_HASH : Buffer.from(record.hash, 'hex'),
      );
      if (record === undefined || !isRight) throw refused('the key is not known', HINT);
      return valid(record);
    },
    holder(id) {
      if (isOpen) return ANYBODY;
      const record = keys.get(id);
      if (record === undefined) throw refused('the key is not known', HINT);
      return valid(record);
    },
    holders() {
      if (isOpen) return [ANYBODY];
      return [...keys.values()].filter((record) => refusalOf(record) === undefined).map(callerOf);
    },
  };
}

const callerOf = ({ id, name, role, expiresAt }: KeyRecord): Caller => ({
  id,
  name: name === '' ? id : name,
  role,
  expiresAt,
});

function refused(message: string, hint: string): HoldfastError {
  return new HoldfastError('HF612', { message, hint });
}
