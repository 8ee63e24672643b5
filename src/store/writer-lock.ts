/**
 * Who may write to a file that one process alone writes to: a file beside it with the owner's process and machine, and
 * a sign of life. An owner that was killed is found out by its process, or by its silence where it ran elsewhere.
 */
import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { isAlive } from './process-life.ts';

export interface WriterLock extends AsyncDisposable {
  /** Takes the lock, or makes sure that it is still held; gives who has it where that is somebody else. */
  hold(): Promise<LockOwner | null>;
}

export interface LockOwner {
  readonly process: number;
  readonly machine: string;
  /** When it started, in milliseconds: a container that is made anew has the same process numbers again. */
  readonly startedMs: number;
  /** Of this lock alone. */
  readonly token: string;
}

const SIGN_EVERY_MS = 5000;
const SILENT_AFTER_MS = 30_000;

/** Nothing is there before the first `hold`. */
export function openWriterLock(file: string): WriterLock {
  const startedMs = Math.round(performance.timeOrigin);
  const own: LockOwner = { process: process.pid, machine: hostname(), startedMs, token: randomUUID() };
  let timer: NodeJS.Timeout | undefined;
  const staged = `${file}.${own.token}`;

  async function ownerNow(): Promise<LockOwner | undefined> {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (isCode(error, 'ENOENT')) return undefined;
      throw error;
    });
    return text === undefined ? undefined : ownerOf(text);
  }

  async function take(): Promise<boolean> {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(staged, `${JSON.stringify(own)}\n`, { mode: 0o600, flush: true });
    try {
      await link(staged, file);
      return true;
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false;
      throw error;
    } finally {
      await rm(staged, { force: true });
    }
  }

  /** Puts the lock of a dead owner away; what somebody else made of it in the meantime is put back. */
  async function putAway(dead: LockOwner): Promise<void> {
    const aside = `${staged}.dead`;
    await rename(file, aside).catch(() => undefined);
    const found = ownerOf(await readFile(aside, 'utf8').catch(() => ''));
    if (found.token !== dead.token) await link(aside, file).catch(() => undefined);
    await rm(aside, { force: true });
  }

  async function isDead(owner: LockOwner): Promise<boolean> {
    const isOwnNumber = owner.process === own.process;
    const isRunning = isOwnNumber ? owner.startedMs === own.startedMs : isAlive(owner.process);
    if (owner.machine === own.machine && !isRunning) return true;
    const signed = await stat(file).catch(() => undefined);
    return signed !== undefined && Date.now() - signed.mtimeMs > SILENT_AFTER_MS;
  }

  /** A sign of life; none for somebody else, who took the lock over and may be dead by now. */
  async function sign(): Promise<void> {
    if ((await ownerNow())?.token !== own.token) {
      clearInterval(timer);
      timer = undefined;
      return;
    }
    const now = new Date();
    await utimes(file, now, now);
  }

  return {
    async hold() {
      for (let attempt = 0; attempt < 5; attempt += 1) {
        const owner = await ownerNow();
        if (owner?.token === own.token) return null;
        if (owner !== undefined) {
          if (!(await isDead(owner))) return owner;
          await putAway(owner);
        }
        if (!(await take())) continue;
        timer ??= setInterval(() => {
          sign().catch(() => undefined);
        }, SIGN_EVERY_MS).unref();
      }
      return (await ownerNow()) ?? own;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      if ((await ownerNow().catch(() => undefined))?.token === own.token) await rm(file, { force: true });
    },
  };
}

/** What cannot be read has an owner of its own text, so that it counts as the same while it is there. */
function ownerOf(text: string): LockOwner {
  try {
    const { process: id, machine, startedMs, token } = JSON.parse(text) as Partial<LockOwner>;
    if (id !== undefined && machine !== undefined && startedMs !== undefined && token !== undefined)
      return { process: id, machine, startedMs, token };
  } catch {
    // Said below.
  }
  return { process: 0, machine: '', startedMs: 0, token: text };
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
