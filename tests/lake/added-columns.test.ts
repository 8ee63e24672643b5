/** Columns that are added to a table whose older rows stay: what Holdfast makes of it, and what delta-rs reads. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LakeFixture, openLakeFixture, plainly } from './lake-fixture.ts';

const PYTHON = fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
const SCRIPT = fileURLToPath(new URL('delta_rs.py', import.meta.url));

const BEFORE = "SELECT 1 AS id, DATE '2024-01-01' AS day UNION ALL SELECT 2, DATE '2024-02-01'";
const AFTER = "SELECT 'why' AS reason, 3 AS id, DATE '2024-02-01' AS day, 0.5::DOUBLE AS weight";
const REPLACING = { partitionBy: ['day'], mayAddColumns: true } as const;

describe('a write that may add columns', () => {
  let fixture: LakeFixture;

  beforeEach(async () => {
    fixture = await openLakeFixture('holdfast-lake-');
    await fixture.lake.write(
      'gold.t',
      BEFORE,
      plainly('overwrite', { partitionBy: ['day'], comments: { id: 'the id' } }),
    );
  });

  afterEach(async () => {
    await fixture[Symbol.asyncDispose]();
  });

  const rows = async (version?: number): Promise<unknown[]> => {
    await fixture.lake.attach(['gold.t'], version === undefined ? {} : { 'gold.t': version });
    return fixture.engine.rows('SELECT * FROM gold.t ORDER BY id');
  };

  it.each(['replace-partitions', 'append'] as const)(
    'puts them after those of the table and leaves older rows without values (%s)',
    async (mode) => {
      const snapshot = await fixture.lake.write('gold.t', AFTER, plainly(mode, REPLACING));
      expect(snapshot.fields).toEqual([
        { name: 'id', type: 'integer', nullable: true, comment: 'the id' },
        { name: 'day', type: 'date', nullable: true },
        { name: 'reason', type: 'string', nullable: true },
        { name: 'weight', type: 'double', nullable: true },
      ]);
      const old = [
        { id: 1, day: '2024-01-01', reason: null, weight: null },
        { id: 2, day: '2024-02-01', reason: null, weight: null },
      ];
      const added = { id: 3, day: '2024-02-01', reason: 'why', weight: 0.5 };
      expect(await rows()).toEqual([...(mode === 'append' ? old : old.slice(0, 1)), added]);
    },
  );

  it('leaves the version before as it was', async () => {
    const before = await rows();
    await fixture.lake.write('gold.t', AFTER, plainly('replace-partitions', REPLACING));
    expect(await rows(0)).toEqual(before);
    expect((await fixture.lake.snapshot('gold.t', 0)).fields).toHaveLength(2);
  });

  it('adds them where no file has them, since the write had no rows', async () => {
    const partitions = [{ day: '2024-02-01' }];
    await fixture.lake.write(
      'gold.t',
      `SELECT * FROM (${AFTER}) WHERE false`,
      plainly('replace-partitions', { ...REPLACING, partitions }),
    );
    expect(await rows()).toEqual([{ id: 1, day: '2024-01-01', reason: null, weight: null }]);
  });

  it('adds nothing the second time', async () => {
    const first = await fixture.lake.write('gold.t', AFTER, plainly('replace-partitions', REPLACING));
    const second = await fixture.lake.write('gold.t', AFTER, plainly('replace-partitions', REPLACING));
    expect(second.fields).toEqual(first.fields);
  });

  it.each([
    ['a column less', "SELECT DATE '2024-02-01' AS day, 'why' AS reason", 'id is INTEGER in the table'],
    ['another type', "SELECT 'x' AS id, DATE '2024-02-01' AS day, 1 AS more", 'VARCHAR in the rows'],
    ['a name in another case', 'SELECT 1 AS "ID", DATE \'2024-02-01\' AS day', 'not there in the rows'],
  ])('still refuses %s', async (_, select, message) => {
    await expect(
      fixture.lake.write('gold.t', select, plainly('replace-partitions', REPLACING)),
    ).rejects.toMatchObject({ code: 'HF308', message: expect.stringContaining(message) as string });
    expect((await fixture.lake.snapshot('gold.t')).version).toBe(0);
  });

  it('is the only one that does', async () => {
    await expect(
      fixture.lake.write('gold.t', AFTER, plainly('replace-partitions', { partitionBy: ['day'] })),
    ).rejects.toMatchObject({ code: 'HF308' });
  });

  it.skipIf(!existsSync(PYTHON))('makes a table that delta-rs reads alike, at every version', async () => {
    await fixture.lake.write('gold.t', AFTER, plainly('replace-partitions', REPLACING));
    const folder = path.join(fixture.root, 'gold', 't');
    for (const version of [0, 1]) {
      const { stdout } = await promisify(execFile)(PYTHON, [SCRIPT, 'read', folder, String(version)]);
      const seen = JSON.parse(stdout) as { rows: { id: number }[]; schema: { fields: { name: string }[] } };
      expect(seen.rows.sort((a, b) => a.id - b.id)).toEqual(await rows(version));
      const { fields } = await fixture.lake.snapshot('gold.t', version);
      expect(seen.schema.fields.map(({ name }) => name)).toEqual(fields.map(({ name }) => name));
    }
  });
});
