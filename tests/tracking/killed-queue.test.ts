/** The queue of uploads of a process that is killed in the middle of its work. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openUploadQueue } from '../../src/tracking/index.ts';

const PROGRAM = fileURLToPath(new URL('killed-queue.ts', import.meta.url));

it('a killed process leaves every upload that it said was queued, and none that it said had arrived', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-uploads-'));
  try {
    for (const lines of [1, 4, 11]) {
      const state = path.join(folder, String(lines));
      const program = spawn(process.execPath, ['--import', 'tsx', PROGRAM, state], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const ended = once(program, 'exit');
      const waiting = new Set<string>();
      let seen = 0;
      for await (const line of createInterface({ input: program.stdout })) {
        if (line.startsWith('+')) waiting.add(`upload ${line.slice(1)}`);
        else waiting.delete(`upload ${line.slice(1)}`);
        if (++seen === lines) program.kill('SIGKILL');
      }
      await ended;
      const queue = openUploadQueue(state);
      const pending = (await queue.pending()).map(({ id }) => id);
      // One more may be on disk that there was no time to speak of, and one less.
      expect(pending.slice(0, waiting.size - 1)).toEqual([...waiting].slice(0, waiting.size - 1));
      expect(Math.abs(pending.length - waiting.size)).toBeLessThanOrEqual(1);
      await queue.add({ id: 'after', kind: 'set', payload: null, queuedAt: '2024-01-02T00:00:00Z' });
      expect((await queue.pending()).map(({ id }) => id)).toEqual([...pending, 'after']);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
