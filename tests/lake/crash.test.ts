import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { utimes } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesBelow, type LakeFixture, openLakeFixture, plainly } from './lake-fixture.ts';

const WRITER = fileURLToPath(new URL('killed-writer.ts', import.meta.url));
const HOUR_MS = 3_600_000;

describe('a writer that is killed', () => {
  let fixture: LakeFixture;

  beforeEach(async () => {
    fixture = await openLakeFixture();
    await fixture.lake.write('silver.t', 'SELECT 0 AS i', plainly('overwrite'));
  });

  afterEach(async () => {
    await fixture[Symbol.asyncDispose]();
  });

  const startWriter = (moment: string): ChildProcess =>
    spawn(process.execPath, ['--import', 'tsx', WRITER, fixture.root, moment], { stdio: 'inherit' });

  const values = async (): Promise<unknown[]> => {
    await fixture.lake.attach();
    return (await fixture.engine.rows('SELECT i FROM silver.t ORDER BY i')).map((row) => row['i']);
  };

  /** Takes what the dead writer left, as if a day had passed. */
  const cleanUp = async (): Promise<void> => {
    const folder = path.join(fixture.root, 'silver', 't');
    const old = new Date(Date.now() - 24 * HOUR_MS);
    for (const file of await filesBelow(folder)) await utimes(path.join(folder, file), old, old);
    await fixture.lake.vacuum('silver.t', { retainHours: 12 });
  };

  const logged = async (): Promise<number> => {
    const files = await filesBelow(path.join(fixture.root, 'silver', 't'));
    return (
      (await fixture.lake.snapshot('silver.t')).files.length + files.filter((f) => f.endsWith('.json')).length
    );
  };

  it.each([
    ['data files written', [0]],
    ['before the check', [0]],
    ['commit file written', [0]],
    ['before the link', [0]],
    ['after the link', [0, 1]],
    ['after the commit', [0, 1]],
  ])('at the moment "%s" leaves a whole version, and the next writer goes on', async (moment, expected) => {
    const [, signal] = (await once(startWriter(moment), 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    expect(await values()).toEqual(expected);
    await cleanUp();
    expect(await filesBelow(path.join(fixture.root, 'silver', 't'))).toHaveLength(await logged());
    expect(await values()).toEqual(expected);
    await fixture.lake.write('silver.t', 'SELECT 2 AS i', plainly('append'));
    expect(await values()).toEqual([...expected, 2]);
  });

  it('while it writes its rows leaves the last version, and its orphans can be vacuumed', async () => {
    const writer = startWriter('while rows are written');
    const folder = path.join(fixture.root, 'silver', 't');
    while ((await filesBelow(folder)).length < 3) await sleep(20);
    const exit = once(writer, 'exit');
    writer.kill('SIGKILL');
    await exit;
    expect(await values()).toEqual([0]);
    await cleanUp();
    expect(await filesBelow(folder)).toHaveLength(await logged());
  });
});
