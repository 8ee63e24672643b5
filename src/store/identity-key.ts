import { createHmac, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { HoldfastError } from '../kernel/index.ts';

const KEY_BYTES = 32;

/** Hashes entities' keys for logs: HMAC-SHA256, 32 hexadecimal digits of it. */
export type IdentityHash = (entityId: string) => string;

/**
 * The hash of this state folder, whose key is made at the first use and readable by its owner alone. Without the key
 * nobody can try all customer numbers; who deletes it makes the logs anonymous. HF108 for a key that is none.
 */
export async function openIdentityHash(stateFolder: string): Promise<IdentityHash> {
  const file = path.join(stateFolder, 'identity.key');
  const key = await readKey(file).catch(async (error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    await makeKey(file);
    return readKey(file);
  });
  return (entityId) => createHmac('sha256', key).update(entityId, 'utf8').digest('hex').slice(0, 32);
}

async function readKey(file: string): Promise<Buffer> {
  const key = Buffer.from((await readFile(file, 'utf8')).trim(), 'hex');
  if (key.length === KEY_BYTES) return key;
  throw new HoldfastError('HF108', {
    message: 'the key for hashed customer numbers cannot be read',
    hint: 'restore the file, or delete it: new log lines then cannot be joined with older ones',
    place: { file },
  });
}

/** Whole or not at all, and once: of two servers that start together both use the first one's. */
async function makeKey(file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const staged = `${file}.${String(process.pid)}.staged`;
  await writeFile(staged, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600, flush: true });
  try {
    await link(staged, file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(staged, { force: true });
  }
}
