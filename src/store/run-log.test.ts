import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openRunLog } from './run-log.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-runs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const run = (runId: string) => ({ runId, command: 'run', startedAt: '2024-01-01T00:00:00.000Z' });

test('a run is running from its start and what it came to from its end', async () => {
  const log = openRunLog(folder);
  await log.start(run('a'));
  expect(await log.read()).toEqual([{ ...run('a'), seconds: null, status: 'running', steps: [] }]);
  await log.append({ ...run('a'), seconds: 3, status: 'done', steps: [] });
  expect(await log.read()).toEqual([{ ...run('a'), seconds: 3, status: 'done', steps: [] }]);
});

test('a run without an end whose process is gone is unfinished', async () => {
  const log = openRunLog(folder);
  await log.append({ ...run('a'), seconds: 3, status: 'done', steps: [] });
  // No process has a number this high; and nobody can tell of another machine's.
  for (const [runId, line] of Object.entries({
    b: { process: 2 ** 30, machine: (await import('node:os')).hostname() },
    c: { process: process.pid, machine: 'elsewhere' },
  }))
    await appendFile(
      path.join(folder, 'runs.jsonl'),
      `${JSON.stringify({ ...run(runId), status: 'started', ...line })}\n`,
    );
  await appendFile(path.join(folder, 'runs.jsonl'), '{"runId":"d","sta');
  expect((await log.read()).map(({ runId, status }) => [runId, status])).toEqual([
    ['a', 'done'],
    ['b', 'unfinished'],
    ['c', 'unfinished'],
  ]);
});
