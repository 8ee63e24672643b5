import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LakeFixture, openLakeFixture, plainly } from './lake-fixture.ts';

describe('the history of a table', () => {
  let fixture: LakeFixture;
  const logFile = (version: number): string =>
    path.join(fixture.root, 'silver', 't', '_delta_log', `${String(version).padStart(20, '0')}.json`);

  beforeEach(async () => {
    fixture = await openLakeFixture();
    const { lake } = fixture;
    fixture.time = new Date('2024-01-01T00:00:00Z');
    await lake.write('silver.t', 'SELECT i FROM range(3) AS r(i)', {
      mode: 'overwrite',
      info: {
        runId: 'run-a',
        operation: 'BUILD',
        inputs: { 'bronze.s': 4 },
        holdfast: { sqlHash: 'abc', n: [1] },
      },
    });
    fixture.time = new Date('2024-01-02T00:00:00Z');
    await lake.write('silver.t', 'SELECT 10::BIGINT AS i', plainly('append'));
    fixture.time = new Date('2024-01-03T00:00:00Z');
    await lake.write('silver.t', "SELECT 'x' AS word", plainly('overwrite'));
  });

  afterEach(async () => {
    await fixture[Symbol.asyncDispose]();
  });

  it('says for every version when it was made, by which run, and what it added and removed', async () => {
    const history = await fixture.lake.history('silver.t');
    expect(history.map((commit) => [commit.version, commit.rowsAdded, commit.rowsRemoved])).toEqual([
      [0, 3, 0],
      [1, 1, 0],
      [2, 1, 4],
    ]);
    expect(history[0]).toMatchObject({
      timestamp: Date.parse('2024-01-01T00:00:00Z'),
      operation: 'BUILD',
      filesAdded: 1,
      info: { runId: 'run-a', inputs: { 'bronze.s': 4 }, holdfast: { sqlHash: 'abc', n: [1] } },
    });
    await expect(fixture.lake.history('silver.u')).rejects.toMatchObject({ code: 'HF301' });
  });

  it('lets every version be read as it was, with the columns of its time', async () => {
    const { lake, engine } = fixture;
    const first = await lake.snapshot('silver.t', 0);
    expect(first).toMatchObject({ version: 0, rows: 3, timestamp: Date.parse('2024-01-01T00:00:00Z') });
    expect(first.info).toEqual({
      operation: 'BUILD',
      runId: 'run-a',
      inputs: { 'bronze.s': 4 },
      holdfast: { sqlHash: 'abc', n: [1] },
    });
    const attached = await lake.attach(['silver.t'], { 'silver.t': 1 });
    expect(attached['silver.t']?.version).toBe(1);
    expect(await engine.rows('SELECT sum(i)::BIGINT AS total FROM silver.t')).toEqual([{ total: 13 }]);
    await lake.attach();
    expect(await engine.rows('SELECT * FROM silver.t')).toEqual([{ word: 'x' }]);
  });

  it.each([3, -1, 1.5])('refuses version %d, which never was', async (version) => {
    await expect(fixture.lake.snapshot('silver.t', version)).rejects.toMatchObject({
      code: 'HF302',
      hint: 'its newest version is 2',
    });
  });

  it('refuses a log with a hole or a torn line, and still reads the versions before it', async () => {
    const { lake } = fixture;
    await writeFile(logFile(2), '{"commitInfo":{}}\n{"add":{"path":');
    await expect(lake.snapshot('silver.t')).rejects.toMatchObject({ code: 'HF306', place: { line: 2 } });
    expect((await lake.snapshot('silver.t', 1)).rows).toBe(4);
    await rm(logFile(1));
    await expect(lake.snapshot('silver.t', 2)).rejects.toMatchObject({
      code: 'HF306',
      place: { file: logFile(1) },
    });
  });

  it('is told from a table that needs a newer reader', async () => {
    const protocol = { minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ['deletionVectors'] };
    await writeFile(logFile(3), `${JSON.stringify({ protocol: { ...protocol, writerFeatures: [] } })}\n`);
    const refusal = { code: 'HF304', message: expect.stringContaining('deletionVectors') as string };
    await expect(fixture.lake.snapshot('silver.t')).rejects.toMatchObject(refusal);
    await expect(
      fixture.lake.write('silver.t', "SELECT 'y' AS word", plainly('append')),
    ).rejects.toMatchObject(refusal);
    expect((await fixture.lake.snapshot('silver.t', 2)).rows).toBe(1);
  });

  it('counts the rows of files whose writer left no statistics', async () => {
    const { lake } = fixture;
    const [file] = (await lake.snapshot('silver.t', 0)).files;
    const logged = path.relative(path.join(fixture.root, 'silver', 't'), file?.path ?? '');
    const add = { path: logged, partitionValues: {}, size: 1, modificationTime: 1, dataChange: true };
    await writeFile(logFile(3), `${JSON.stringify({ add })}\n`);
    const snapshot = await lake.snapshot('silver.t');
    expect(snapshot.rows).toBe(4);
    expect(snapshot.info).toEqual({ operation: 'UNKNOWN', inputs: {}, holdfast: {} });
    expect((await lake.history('silver.t')).at(-1)).toMatchObject({ version: 3, rowsAdded: null });
  });
});
