import { appendFile, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openWorkFile, workFile } from './work-file.ts';
import type { WorkLine } from './work-lines.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-work-'));
  file = workFile(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const line = (sequence: number, note = ''): WorkLine => ({
  sequence,
  at: '2026-03-10T09:00:00.000Z',
  by_id: 'a',
  by_name: 'Ann',
  entity_id: `e${String(sequence)}`,
  action: 'contact',
  assignee_id: 'a',
  assignee_name: 'Ann',
  until: null,
  reason: null,
  outcome: 'contacted',
  note,
});
const textOf = (sequence: number, note = ''): string => `${JSON.stringify(line(sequence, note))}\n`;
const numbers = (lines: readonly WorkLine[]): number[] => lines.map(({ sequence }) => sequence);

/** What a store finds that opens the file now. */
async function found(): Promise<number[]> {
  await using lines = openWorkFile(folder);
  return numbers(await lines.readFrom(1));
}

describe('the file of work', () => {
  it('is not there before the first line, is for its owner’s eyes, and gives back what was added', async () => {
    await using lines = openWorkFile(folder);
    expect(await lines.readFrom(1)).toEqual([]);
    await expect(stat(file)).rejects.toThrow();
    expect(await lines.append(line(1, 'café "}\n{'))).toBe('taken');
    expect(await lines.append(line(2))).toBe('taken');
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect(await lines.readFrom(1)).toEqual([line(1, 'café "}\n{'), line(2)]);
    expect(await lines.readFrom(2)).toEqual([line(2)]);
    expect(await lines.readFrom(3)).toEqual([]);
  });

  it('refuses a number that is taken, and adds nothing', async () => {
    await using lines = openWorkFile(folder);
    await lines.append(line(1));
    expect(await lines.append(line(1))).toBe('conflict');
    expect(await lines.append(line(3))).toBe('conflict');
    expect(await found()).toEqual([1]);
  });

  it('does not add to a file that it has not read', async () => {
    await writeFile(file, textOf(1));
    await using lines = openWorkFile(folder);
    expect(await lines.append(line(1))).toBe('conflict');
    expect(numbers(await lines.readFrom(1))).toEqual([1]);
    expect(await lines.append(line(2))).toBe('taken');
  });

  it('leaves out a line that was cut short at any place, whose number then comes again', async () => {
    const whole = textOf(2, 'a } b');
    for (let length = 1; length < whole.length - 1; length += 7) {
      await writeFile(file, textOf(1) + whole.slice(0, length));
      await using lines = openWorkFile(folder);
      expect(numbers(await lines.readFrom(1)), whole.slice(0, length)).toEqual([1]);
      expect(await lines.append(line(2, 'again'))).toBe('taken');
      expect(await lines.append(line(3))).toBe('taken');
      expect(await found()).toEqual([1, 2, 3]);
    }
  });

  it('takes a last line that lacks its end alone', async () => {
    await writeFile(file, textOf(1) + textOf(2).slice(0, -1));
    await using lines = openWorkFile(folder);
    expect(numbers(await lines.readFrom(1))).toEqual([1, 2]);
    expect(await lines.append(line(3))).toBe('taken');
    expect(numbers(await lines.readFrom(3))).toEqual([3]);
    expect(await found()).toEqual([1, 2, 3]);
  });

  it.each([
    ['a line in the middle that was changed', textOf(1) + textOf(2).replace('"a"', 'a') + textOf(3), 2],
    ['a last line that was changed', textOf(1) + textOf(2).replace('"a"', 'a'), 2],
    ['no line of the record at all', textOf(1) + 'hello\n', 2],
    ['a line that is missing', textOf(1) + textOf(3), 2],
    ['a line that is there twice', textOf(1) + textOf(1), 2],
    ['a beginning that is missing', textOf(2), 1],
  ])('is refused for %s, with its place', async (_name, text, place) => {
    await writeFile(file, text);
    await expect(found()).rejects.toMatchObject({ code: 'HF108', place: { file, line: place } });
  });

  it('lets another process read while one writes', async () => {
    await using writer = openWorkFile(folder);
    await using reader = openWorkFile(folder);
    await writer.append(line(1));
    expect(numbers(await reader.readFrom(1))).toEqual([1]);
    await writer.append(line(2));
    await writer.append(line(3));
    expect(numbers(await reader.readFrom(2))).toEqual([2, 3]);
  });

  it('reads more than a piece of the file, whatever a piece ends in', async () => {
    const all = Array.from({ length: 2000 }, (_, index) => line(index + 1, 'ä'.repeat(700 + (index % 7))));
    await writeFile(file, all.map((one) => `${JSON.stringify(one)}\n`).join(''));
    await using lines = openWorkFile(folder);
    expect(await lines.readFrom(1)).toEqual(all);
    expect(await lines.append(line(2001))).toBe('taken');
    await appendFile(file, textOf(2002));
    expect(numbers(await lines.readFrom(2002))).toEqual([2002]);
  });

  it('says what is wrong where it cannot be written', async () => {
    await rm(folder, { recursive: true });
    await writeFile(folder, '');
    await using lines = openWorkFile(folder);
    await expect(lines.append(line(1))).rejects.toMatchObject({ code: 'HF631' });
  });
});

describe('one process alone', () => {
  const lockFile = (): string => path.join(folder, 'work.lock');
  const lock = (owner: { process: number; machine: string; startedMs?: number }): Promise<void> =>
    writeFile(lockFile(), JSON.stringify({ startedMs: 1, token: 'other', ...owner }));
  const silentFor = (seconds: number): Promise<void> => {
    const at = new Date(Date.now() - seconds * 1000);
    return utimes(lockFile(), at, at);
  };
  /** A process that has ended for sure: no system gives out such numbers. */
  const GONE = 2 ** 30;

  it('writes; the other is told what to do, and writes when the first has ended', async () => {
    await using second = openWorkFile(folder);
    {
      await using first = openWorkFile(folder);
      await first.append(line(1));
      await second.readFrom(1);
      await expect(second.append(line(2))).rejects.toMatchObject({
        code: 'HF631',
        message: expect.stringContaining(`process ${String(process.pid)}`) as string,
        hint: expect.stringContaining('postgres.url') as string,
      });
    }
    expect(await second.append(line(2))).toBe('taken');
  });

  it('takes the place of one that was killed, here or with the same number in a container', async () => {
    for (const owner of [
      { process: GONE, machine: hostname() },
      { process: process.pid, machine: hostname() },
    ]) {
      await lock(owner);
      await using lines = openWorkFile(folder);
      await lines.readFrom(1);
      expect(await lines.append(line((await lines.readFrom(1)).length + 1))).toBe('taken');
    }
    expect(await found()).toEqual([1, 2]);
    await expect(readFile(lockFile())).rejects.toThrow();
  });

  it('waits for one on another machine until that is silent', async () => {
    await lock({ process: 1, machine: 'elsewhere' });
    await using lines = openWorkFile(folder);
    await expect(lines.append(line(1))).rejects.toThrow('on elsewhere records work');
    await silentFor(60);
    expect(await lines.append(line(1))).toBe('taken');
  });

  it('stops where the lock was taken from it', async () => {
    await using first = openWorkFile(folder);
    await first.append(line(1));
    await lock({ process: 1, machine: 'elsewhere' });
    await expect(first.append(line(2))).rejects.toMatchObject({ code: 'HF631' });
    expect(await found()).toEqual([1]);
  });

  it('keeps no lock alive that was taken from it', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      await using first = openWorkFile(folder);
      await first.append(line(1));
      await silentFor(60);
      vi.advanceTimersByTime(5000);
      await vi.waitFor(async () => {
        expect(Date.now() - (await stat(lockFile())).mtimeMs).toBeLessThan(30_000);
      });
      await lock({ process: 1, machine: 'elsewhere' });
      await silentFor(60);
      vi.advanceTimersByTime(5000);
      await vi.waitFor(() => {
        expect(vi.getTimerCount()).toBe(0);
      });
      expect(Date.now() - (await stat(lockFile())).mtimeMs).toBeGreaterThan(30_000);
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not trust a lock that cannot be read for ever', async () => {
    await appendFile(lockFile(), 'hello');
    await using lines = openWorkFile(folder);
    await expect(lines.append(line(1))).rejects.toThrow('another machine');
    await silentFor(60);
    expect(await lines.append(line(1))).toBe('taken');
  });
});
