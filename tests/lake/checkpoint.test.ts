import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LakeFixture, openLakeFixture, plainly } from './lake-fixture.ts';

describe('the checkpoints of a table', () => {
  let fixture: LakeFixture;
  const logFile = (version: number, ending: string): string =>
    path.join(fixture.root, 'silver', 't', '_delta_log', `${String(version).padStart(20, '0')}.${ending}`);

  beforeEach(async () => {
    fixture = await openLakeFixture();
  });

  afterEach(async () => {
    await fixture[Symbol.asyncDispose]();
  });

  /** Versions 0 to `last`: each replaces one of three partitions and keeps the others. */
  const writeVersions = async (last: number): Promise<void> => {
    const options = { partitionBy: ['part'], comments: { i: 'the version' }, properties: { 'x.y': 'z' } };
    for (let version = 0; version <= last; version++) {
      const part = version % 3 === 0 ? 'NULL' : `'é ${String(version % 3)}'`;
      const select = `SELECT ${String(version)} AS i, ${part} AS part`;
      await fixture.lake.write('silver.t', `SELECT i, CAST(part AS VARCHAR) AS part FROM (${select})`, {
        ...plainly('replace-partitions', options),
        info: { runId: `run-${String(version)}` },
      });
    }
  };

  it('are written every ten versions and leave nothing unfinished', async () => {
    await writeVersions(21);
    const names = await readdir(path.dirname(logFile(0, 'json')));
    const others = names.filter((name) => !name.endsWith('.json'));
    expect(others.sort()).toEqual([
      '00000000000000000010.checkpoint.parquet',
      '00000000000000000020.checkpoint.parquet',
      '_last_checkpoint',
    ]);
    const hint: unknown = JSON.parse(
      await readFile(path.join(path.dirname(logFile(0, 'json')), '_last_checkpoint'), 'utf8'),
    );
    expect(hint).toMatchObject({ version: 20, numOfAddFiles: 3 });
    expect(fixture.warnings).toEqual([]);
  });

  it('alone say what the table is, where the early commits are gone', async () => {
    await writeVersions(12);
    const whole = await fixture.lake.snapshot('silver.t');
    for (let version = 0; version <= 9; version++) await rm(logFile(version, 'json'));
    expect(await fixture.lake.snapshot('silver.t')).toEqual(whole);
    expect(whole.fields[0]?.comment).toBe('the version');
    await fixture.lake.attach();
    expect(await fixture.engine.rows('SELECT * FROM silver.t ORDER BY i')).toEqual([
      { i: 10, part: 'é 1' },
      { i: 11, part: 'é 2' },
      { i: 12, part: null },
    ]);
    expect((await fixture.lake.history('silver.t')).map((commit) => commit.version)).toEqual([10, 11, 12]);
    expect((await fixture.lake.snapshot('silver.t', 10)).info.runId).toBe('run-10');
    await expect(fixture.lake.snapshot('silver.t', 5)).rejects.toMatchObject({ code: 'HF302' });
    const next = await fixture.lake.write('silver.t', "SELECT 13 AS i, 'new' AS part", plainly('append'));
    expect(next).toMatchObject({ version: 13, rows: 4, id: whole.id });
  });

  it('harm no reader when they are torn or missing', async () => {
    await writeVersions(20);
    const whole = await fixture.lake.snapshot('silver.t');
    await writeFile(logFile(20, 'checkpoint.parquet'), 'torn');
    expect(await fixture.lake.snapshot('silver.t')).toEqual(whole);
    expect(fixture.warnings).toEqual([
      expect.stringContaining('checkpoint 20 of silver.t cannot be read and is passed over'),
    ]);
    await rm(logFile(20, 'checkpoint.parquet'));
    await rm(logFile(10, 'checkpoint.parquet'));
    await writeFile(path.join(path.dirname(logFile(0, 'json')), '_last_checkpoint'), '{"version":20,');
    expect(await fixture.lake.snapshot('silver.t')).toEqual(whole);
  });

  it('save a reader the commits before them', async () => {
    const properties = { 'delta.checkpointInterval': '100' };
    for (let version = 0; version <= 120; version++)
      await fixture.lake.write('silver.t', 'SELECT 1 AS i', plainly('append', { properties }));
    const whole = await fixture.lake.snapshot('silver.t');
    expect(whole).toMatchObject({ version: 120, rows: 121 });
    // Commits that would stop a full replay show that the reader does not touch them.
    for (let version = 0; version <= 100; version++) await writeFile(logFile(version, 'json'), 'not read');
    expect(await fixture.lake.snapshot('silver.t')).toEqual(whole);
  });
});
