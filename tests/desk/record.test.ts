/** The record of work on a disk: killed while it is written, and asked by SQL. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fixedClock, systemClock } from '../../src/kernel/index.ts';
import { openLookLog } from '../../src/store/index.ts';
import type { WorkBook } from '../../src/work/index.ts';
import { openWork, queryLake } from '../../src/workflow/index.ts';
import { openMagazine } from '../main-job/magazine.ts';
import type { TestWorkspace } from '../support/workspace.ts';

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

describe('the record and the looks as tables', () => {
  let workspace: TestWorkspace;
  let state: string;
  beforeAll(async () => {
    workspace = await openMagazine();
    state = await workspace.withContext(({ config }) => Promise.resolve(config.state));
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  const query = (sql: string) =>
    workspace.withContext(async (context) => (await queryLake(context, sql)).rows);

  it('are empty before anybody did or saw anything', async () => {
    for (const table of ['serving.work', 'serving.looks'])
      expect(await query(`SELECT count(*) AS n FROM ${table}`)).toMatchObject([{ n: 0 }]);
  });

  it('have what was recorded, torn lines left out', async () => {
    const clock = fixedClock('2026-03-10T09:00:00Z');
    {
      await using book = await openWork({ stateFolder: state, databaseUrl: undefined, clock, log });
      const robin = { id: 'a', name: 'Robin', isLead: false };
      await book.record(
        'R1',
        { action: 'snooze', until: '2026-03-12', reason: 'away, "till" Thursday' },
        robin,
      );
      await book.record('R1', { action: 'contact', outcome: 'refused' }, robin);
      await appendFile(path.join(state, 'work.jsonl'), '{"sequence":3,"at":"2026');
      await using looks = openLookLog(state, clock);
      const look = { at: clock.now().toISOString(), by_id: 'a', by_name: 'Robin', by_role: 'lead' };
      await Promise.all([
        looks.add({ ...look, what: 'customer', entity_id: 'R1', rows: null, filter: null, request_id: 'q1' }),
        looks.add({
          ...look,
          what: 'export',
          entity_id: null,
          rows: 40,
          filter: { tier: ['RED'] },
          request_id: 'q2',
        }),
      ]);
    }
    expect(
      await query(
        'SELECT sequence, entity_id, action, CAST(until AS STRING) AS until, reason, outcome FROM serving.work ORDER BY sequence',
      ),
    ).toMatchObject([
      { action: 'snooze', until: '2026-03-12', reason: 'away, "till" Thursday', outcome: null },
      { entity_id: 'R1', action: 'contact', until: null, outcome: 'refused' },
    ]);
    expect(
      await query(
        `SELECT what, entity_id, rows, filter ->> '$.tier[0]' AS tier FROM serving.looks ORDER BY request_id`,
      ),
    ).toEqual([
      { what: 'customer', entity_id: 'R1', rows: null, tier: null },
      { what: 'export', entity_id: null, rows: 40, tier: 'RED' },
    ]);
    const [file = ''] = await readdir(path.join(state, 'looks'));
    expect((await stat(path.join(state, 'looks', file))).mode & 0o077).toBe(0);
  });

  it('do not show the file where the record is in a database', async () => {
    const withDatabase = workspace.withContext((context) => {
      const postgres = { ...context.config.postgres, url: 'postgresql://database/churn' };
      return queryLake({ ...context, config: { ...context.config, postgres } }, 'SELECT * FROM serving.work');
    });
    await expect(withDatabase).rejects.toMatchObject({
      code: 'HF405',
      hint: expect.stringContaining('holdfast_work') as string,
    });
  });
});
