import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openUploadQueue, type PendingUpload } from './upload-queue.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-uploads-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const upload = (id: string): PendingUpload => ({
  id,
  kind: 'run',
  payload: { report: `reports/${id}.html` },
  queuedAt: '2024-01-01T00:00:00.000Z',
});

test('what was queued and has not arrived is pending, oldest first, to whoever opens the queue', async () => {
  const queue = openUploadQueue(folder);
  expect(await queue.pending()).toEqual([]);
  for (const id of ['a', 'b', 'c']) await queue.add(upload(id));
  await queue.done('b');
  expect(await openUploadQueue(folder).pending()).toEqual([upload('a'), upload('c')]);
});

test('an upload is queued once however often it is added, and again after it arrived', async () => {
  const queue = openUploadQueue(folder);
  await queue.add(upload('a'));
  await queue.add({ ...upload('a'), queuedAt: '2025-01-01T00:00:00.000Z' });
  expect(await queue.pending()).toEqual([upload('a')]);
  await queue.done('a');
  await queue.done('a');
  await queue.done('never queued');
  expect(await queue.pending()).toEqual([]);
  expect((await readFile(path.join(folder, 'uploads.jsonl'), 'utf8')).trimEnd().split('\n')).toHaveLength(2);
  await queue.add(upload('a'));
  expect(await queue.pending()).toEqual([upload('a')]);
});

test('a line that a kill cut short takes nothing else with it', async () => {
  const queue = openUploadQueue(folder);
  await queue.add(upload('a'));
  await appendFile(path.join(folder, 'uploads.jsonl'), '{"event":"done","id":"a');
  expect(await queue.pending()).toEqual([upload('a')]);
  await queue.add(upload('b'));
  expect(await queue.pending()).toEqual([upload('a'), upload('b')]);
});
