import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openAppendLog } from './append-log.ts';

test('a record that follows a line which a crash cut short is not lost with it', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-log-'));
  try {
    const file = path.join(folder, 'deep', 'log.jsonl');
    const log = openAppendLog<{ n: number }>(file);
    expect(await log.read()).toEqual([]);
    await log.append({ n: 1 });
    await appendFile(file, '{"n": 2, "cut');
    await log.append({ n: 3 });
    expect(await log.read()).toEqual([{ n: 1 }, { n: 3 }]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a log that cannot be read is no empty one', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-log-'));
  try {
    await expect(openAppendLog(folder).read()).rejects.toMatchObject({ code: 'EISDIR' });
  } finally {
    await rm(folder, { recursive: true });
  }
});
