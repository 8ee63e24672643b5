/**
 * API keys in an append-only file. A key is 256 random bits, shown once and stored as its SHA-256 alone: there is
 * nothing to guess, so a slow hash, which is for passwords that people think up, would only slow every request down.
 */
import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Clock } from '../kernel/index.ts';
import { openAppendLog } from './append-log.ts';

/** The roles that a key can name; what they may do is decided where they are used. */
export const ROLES = ['viewer', 'agent', 'lead', 'data-scientist', 'admin', 'service'] as const;
export type Role = (typeof ROLES)[number];

/** A key without its secret. Instants in ISO 8601. */
export interface KeyRecord {
  /** Public part of the key, by which it is found. */
  readonly id: string;
  readonly role: Role;
  readonly name: string;
  readonly createdAt: string;
  /** Null: it does not expire. */
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  /** SHA-256 of the whole key, in hexadecimal. */
  readonly hash: string;
}

export interface NewKey {
  readonly role: Role;
  readonly name: string;
  readonly expiresAt: string | null;
}

export interface KeyStore {
  /** The file that the keys are in. */
  readonly file: string;
  /** Makes a key. `key` is in no file: whoever does not keep it has to make another one. */
  create(wanted: NewKey): Promise<{ readonly record: KeyRecord; readonly key: string }>;
  /** All keys there ever were, oldest first. */
  list(): Promise<KeyRecord[]>;
  /** Ends a key; undefined where there is none of this id. A key that was revoked before keeps its instant. */
  revoke(id: string): Promise<KeyRecord | undefined>;
}

type Event =
  | (Omit<KeyRecord, 'revokedAt'> & { readonly event: 'created' })
  | { readonly event: 'revoked'; readonly id: string; readonly revokedAt: string };

/** Opens the keys of a state folder; the file appears with the first key, for its owner's eyes. */
export function openKeyStore(
  stateFolder: string,
  clock: Clock,
  random: (bytes: number) => Buffer = randomBytes,
): KeyStore {
  const file = path.join(stateFolder, 'keys.jsonl');
  const log = openAppendLog<Event>(file, { mode: 0o600 });
  const list = async (): Promise<KeyRecord[]> => {
    const records = new Map<string, KeyRecord>();
    for (const event of await log.read()) {
      const known = records.get(event.id);
      if (event.event === 'created') {
        const { event: _event, ...record } = event;
        records.set(event.id, { ...record, revokedAt: null });
      } else if (known?.revokedAt === null) {
        records.set(event.id, { ...known, revokedAt: event.revokedAt });
      }
    }
    return [...records.values()];
  };
  return {
    file,
    list,
    async create({ role, name, expiresAt }) {
      const id = random(6).toString('hex');
      const key = `hf_${id}_${random(32).toString('base64url')}`;
      const createdAt = clock.now().toISOString();
      const record = { id, role, name, createdAt, expiresAt, hash: keyHash(key).toString('hex') };
      await log.append({ event: 'created', ...record });
      return { record: { ...record, revokedAt: null }, key };
    },
    async revoke(id) {
      const known = (await list()).find((record) => record.id === id);
      if (known?.revokedAt !== null) return known;
      const revokedAt = clock.now().toISOString();
      await log.append({ event: 'revoked', id, revokedAt });
      return { ...known, revokedAt };
    },
  };
}

/** SHA-256 of a key as it was shown. */
export function keyHash(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/** The id that a key names; undefined for what has not the form of a key. */
export function keyIdOf(key: string): string | undefined {
  return /^hf_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/.exec(key)?.[1];
}
