import { createHmac } from 'node:crypto';
import { openStateKey } from './state-key.ts';

/** Hashes entities' keys for logs: HMAC-SHA256, 32 hexadecimal digits of it. */
export type IdentityHash = (entityId: string) => string;

/**
 * The hash of this state folder, whose key is made at the first use and readable by its owner alone. Without the key
 * nobody can try all customer numbers; who deletes it makes the logs anonymous. HF108 for a key that is none.
 */
export async function openIdentityHash(stateFolder: string): Promise<IdentityHash> {
  const key = await openStateKey({
    stateFolder,
    name: 'identity.key',
    purpose: 'hashed customer numbers',
    withoutIt: 'new log lines then cannot be joined with older ones',
  });
  return (entityId) => createHmac('sha256', key).update(entityId, 'utf8').digest('hex').slice(0, 32);
}
