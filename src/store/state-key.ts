import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { HoldfastError } from '../kernel/index.ts';

const KEY_BYTES = 32;

/** A secret of a state folder. */
export interface StateKeyFacts {
  readonly stateFolder: string;
  /** Of the file. */
  readonly name: string;
  /** What it is for, as in: the key for ... */
  readonly purpose: string;
  /** What happens where it is deleted. */
  readonly withoutIt: string;
}

/** 32 random bytes, made at the first use and readable by their owner alone. HF108 for a file that has none. */
export async function openStateKey(facts: StateKeyFacts): Promise<Buffer> {
  const file = path.join(facts.stateFolder, facts.name);
  return readKey(file, facts).catch(async (error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    await makeKey(file);
    return readKey(file, facts);
  });
}

async function readKey(file: string, { purpose, withoutIt }: StateKeyFacts): Promise<Buffer> {
  const key = Buffer.from((await readFile(file, 'utf8')).trim(), 'hex');
  if (key.length === KEY_BYTES) return key;
  throw new HoldfastError('HF108', {
    message: `the key for ${purpose} cannot be read`,
    hint: `restore the file, or delete it: ${withoutIt}`,
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

/** The key that sessions are signed with: the same for all servers of a state folder, and after a restart. */
export const openSessionKey = (stateFolder: string): Promise<Buffer> =>
  openStateKey({
    stateFolder,
    name: 'session.key',
    purpose: 'sessions',
    withoutIt: 'everybody then has to sign in again',
  });
