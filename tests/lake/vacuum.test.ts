import { mkdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dataFilesBelow, filesBelow, type LakeFixture, openLakeFixture, plainly } from './lake-fixture.ts';

const HOUR_MS = 3_600_000;

describe('vacuuming a table', () => {
  let fixture: LakeFixture;
  let folder: string;
  const later = (hours: number): void => {
    fixture.time = new Date(Date.now() + hours * HOUR_MS);
  };

  beforeEach(async () => {
    fixture = await openLakeFixture();
    folder = path.join(fixture.root, 'silver', 't');
    await fixture.lake.write('silver.t', 'SELECT 0 AS i', plainly('overwrite'));
    await fixture.lake.write('silver.t', 'SELECT 1 AS i', plainly('overwrite'));
  });

  afterEach(async () => {
    await fixture[Symbol.asyncDispose]();
  });

  it('keeps old versions within the retention and removes them after it', async () => {
    const { lake, engine } = fixture;
    later(100);
    expect(await lake.vacuum('silver.t', { retainHours: 168 })).toEqual({ removed: [], bytes: 0 });
    expect((await lake.snapshot('silver.t', 0)).rows).toBe(1);
    later(200);
    const planned = await lake.vacuum('silver.t', { retainHours: 168, dryRun: true });
    expect(planned.removed).toHaveLength(1);
    expect(await dataFilesBelow(folder)).toHaveLength(2);
    expect(await lake.vacuum('silver.t', { retainHours: 168 })).toEqual(planned);
    expect(await dataFilesBelow(folder)).toHaveLength(1);
    await lake.attach();
    expect(await engine.rows('SELECT i FROM silver.t')).toEqual([{ i: 1 }]);
    await expect(lake.snapshot('silver.t', 0)).rejects.toMatchObject({
      code: 'HF302',
      message: 'version 0 of silver.t has been vacuumed',
    });
  });

  it('removes what dead writers left, but not what may belong to a living one', async () => {
    const orphans = [
      'v2-dead/part-1.parquet',
      'v2-dead/p=1/part-2.parquet',
      '_delta_log/.commit-1',
      '_p=1/a.parquet',
    ];
    const others = ['README.md', '_index/a.parquet', '_delta_log/00000000000000000007.crc'];
    for (const file of [...orphans, ...others]) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), 'left');
    }
    expect((await fixture.lake.vacuum('silver.t', { retainHours: 1 })).removed).toEqual([]);
    const old = new Date(Date.now() - 2 * HOUR_MS);
    for (const file of orphans) await utimes(path.join(folder, file), old, old);
    for (const name of ['v2-dead', 'v2-dead/p=1']) await utimes(path.join(folder, name), old, old);
    const result = await fixture.lake.vacuum('silver.t', { retainHours: 1 });
    expect(result).toEqual({ removed: [...orphans].sort(), bytes: 16 });
    const left = await filesBelow(folder);
    expect(left).toEqual(expect.arrayContaining(others));
    expect(left.filter((file) => file.startsWith('v2-dead'))).toEqual([]);
    expect((await fixture.lake.snapshot('silver.t', 0)).rows).toBe(1);
  });

  it('remembers removed files longer than the checkpoints do', async () => {
    const { lake } = fixture;
    for (let version = 2; version <= 9; version++)
      await lake.write('silver.t', `SELECT ${String(version)} AS i`, plainly('append'));
    later(10 * 24);
    await lake.write('silver.t', 'SELECT 10 AS i', plainly('append'));
    expect(await filesBelow(path.join(folder, '_delta_log'))).toContain(
      '00000000000000000010.checkpoint.parquet',
    );
    expect((await lake.vacuum('silver.t', { retainHours: 20 * 24 })).removed).toEqual([]);
    expect((await lake.snapshot('silver.t', 0)).rows).toBe(1);
  });

  it('refuses a table that does not exist', async () => {
    await expect(fixture.lake.vacuum('silver.u', { retainHours: 1 })).rejects.toMatchObject({
      code: 'HF301',
    });
  });
});
