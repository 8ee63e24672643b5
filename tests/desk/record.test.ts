/** The record of work on a disk: killed while it is written, and asked by SQL. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/kernel/index.ts';
import { openWork } from '../../src/workflow/index.ts';
import type { WorkBook } from '../../src/work/index.ts';

const RECORDER = fileURLToPath(new URL('killed-recorder.ts', import.meta.url));
const log = { info: () => undefined, warn: () => undefined };

let stateFolder: string;
beforeEach(async () => {
  stateFolder = await mkdtemp(path.join(tmpdir(), 'holdfast-record-'));
});
afterEach(() => rm(stateFolder, { recursive: true, force: true }));

const open = (): Promise<WorkBook> =>
  openWork({ stateFolder, databaseUrl: undefined, clock: systemClock, log });

/** Lets a process record until it has acknowledged so many, and kills it in the midst of the next. */
async function recordedUntilKilled(atLeast: number): Promise<string[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', RECORDER, stateFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said.split('\n').length > atLeast) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return said.split('\n').slice(0, -1);
}

describe('a server that is killed while work is recorded', () => {
  it('has everything that it acknowledged, time and again, and the next one goes on at once', async () => {
    const acknowledged: string[] = [];
    for (const atLeast of [1, 20, 60]) acknowledged.push(...(await recordedUntilKilled(atLeast)));
    await using book = await open();
    const known = book.states();
    expect(acknowledged.filter((id) => !known.has(id))).toEqual([]);
    // What was under way may be there as well, once a killing.
    expect(known.size).toBeLessThanOrEqual(new Set(acknowledged).size + 3);
    await book.record('last', { action: 'assign' }, { id: 'b', name: 'Bob', isLead: false });
    await using again = await open();
    expect(again.states().get('last')?.assignee?.name).toBe('Bob');
  });
});
