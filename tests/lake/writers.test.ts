import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDuckDb } from '../../src/engine/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import { type DiskEffects, localDisk, openLake } from '../../src/lake/index.ts';
import { dataFilesBelow, filesBelow, type LakeFixture, openLakeFixture, plainly } from './lake-fixture.ts';

describe('several processes at one table', () => {
  let fixture: LakeFixture;

  beforeEach(async () => {
    fixture = await openLakeFixture();
    await fixture.lake.write('silver.t', 'SELECT 0 AS i', plainly('overwrite'));
  });

  afterEach(async () => {
    await fixture[Symbol.asyncDispose]();
  });

  it('let the first writer win and tell the second, who loses nothing but its own rows', async () => {
    const { lake, root } = fixture;
    await using engine = await openDuckDb({ threads: 1 });
    const other = openLake({ root, engine, clock: systemClock });
    const slow = lake.write(
      'silver.t',
      'SELECT 1 AS i',
      plainly('append', {
        beforeCommit: async () => {
          await other.write('silver.t', 'SELECT 2 AS i', plainly('append'));
        },
      }),
    );
    await expect(slow).rejects.toMatchObject({ code: 'HF303', exitCode: 1 });
    expect(await dataFilesBelow(root)).toHaveLength(2);
    expect((await filesBelow(root)).filter((file) => file.includes('.commit-'))).toEqual([]);
    await lake.write('silver.t', 'SELECT 1 AS i', plainly('append'));
    await lake.attach();
    expect(await fixture.engine.rows('SELECT i FROM silver.t ORDER BY i')).toEqual([
      { i: 0 },
      { i: 1 },
      { i: 2 },
    ]);
  });

  it('let one of many writers at the same moment win', async () => {
    const { root } = fixture;
    const engines = await Promise.all([1, 2, 3, 4].map(() => openDuckDb({ threads: 1 })));
    const attempts = engines.map((engine, index) =>
      openLake({ root, engine, clock: systemClock }).write(
        'silver.new',
        `SELECT ${String(index)} AS i`,
        plainly('append', { expectedVersion: -1 }),
      ),
    );
    const results = await Promise.allSettled(attempts);
    for (const engine of engines) await engine[Symbol.asyncDispose]();
    const losers = results.filter((result) => result.status === 'rejected');
    expect(losers).toHaveLength(3);
    for (const loser of losers) expect(loser.reason).toMatchObject({ code: 'HF303' });
    expect((await fixture.lake.snapshot('silver.new')).rows).toBe(1);
    expect(await dataFilesBelow(path.join(root, 'silver', 'new'))).toHaveLength(1);
  });

  it('refuse a write that was computed from a version that is no longer the newest', async () => {
    const { lake } = fixture;
    await lake.write('silver.t', 'SELECT 1 AS i', plainly('append', { expectedVersion: 0 }));
    await expect(
      lake.write('silver.t', 'SELECT 2 AS i', plainly('append', { expectedVersion: 0 })),
    ).rejects.toMatchObject({ code: 'HF303' });
  });

  it('let a reader keep its snapshot while a writer goes on and a vacuum runs', async () => {
    const { lake, root } = fixture;
    await using engine = await openDuckDb({ threads: 1 });
    const reader = openLake({ root, engine, clock: systemClock });
    await reader.attach();
    for (let version = 1; version <= 11; version++)
      await lake.write('silver.t', `SELECT ${String(version)} AS i`, plainly('overwrite'));
    await lake.vacuum('silver.t', { retainHours: 1 });
    expect(await engine.rows('SELECT i FROM silver.t')).toEqual([{ i: 0 }]);
    await reader.attach();
    expect(await engine.rows('SELECT i FROM silver.t')).toEqual([{ i: 11 }]);
  });

  it.runIf(existsSync('/dev/shm'))('are told where a version cannot be linked into place', async () => {
    const { root, engine } = fixture;
    const disk: DiskEffects = {
      ...localDisk,
      publish: (temporary) => localDisk.publish(temporary, `/dev/shm/${path.basename(temporary)}`),
    };
    const lake = openLake({ root, engine, clock: systemClock }, disk);
    await expect(lake.write('silver.t', 'SELECT 1 AS i', plainly('append'))).rejects.toMatchObject({
      code: 'HF107',
    });
    expect((await lake.snapshot('silver.t')).version).toBe(0);
    expect(await dataFilesBelow(root)).toHaveLength(1);
  });
});
