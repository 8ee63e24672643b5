import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import path from 'node:path';
import { type Engine, openDuckDb } from '../engine/index.ts';
import { loadPack, type Pack } from '../pack/index.ts';
import { splitFindings } from './split-integrity.ts';

const TRAINING = { table: 'training', horizons: [{ days: 30, label: 'label', split: 'split' }] };

let engine: Engine;
let pack: Pack;
beforeEach(async () => {
  engine = await openDuckDb();
  pack = await loadPack(path.join(import.meta.dirname, '../../tests/fixtures/packs/gym'));
});
afterEach(() => engine[Symbol.asyncDispose]());

/** A training set of (entity, date, split, and what all features are made of; a row without has its own). */
async function training(...rows: readonly (readonly [string, string, string, number?])[]): Promise<string[]> {
  const values = rows.map(
    ([entity, date, split, content], row) =>
      `('${entity}', DATE '${date}', '${split}', 0, ${String(content ?? 1000 + row)})`,
  );
  const features = Object.keys(pack.features).map((name) => `content AS ${name}`);
  await engine.execute(
    `CREATE TABLE training AS SELECT *, ${features.join(', ')} FROM (VALUES ${values.join(', ')}) AS t (member_id, observation_date, split, label, content)`,
  );
  return (await splitFindings(engine, pack, TRAINING)).map(({ kind, evidence }) => `${kind}: ${evidence}`);
}

describe('splitFindings', () => {
  it('finds nothing where months are apart by the length of a label', async () => {
    expect(
      await training(
        ['A', '2024-01-01', 'train'],
        ['A', '2024-02-01', 'stop'],
        ['B', '2024-02-01', 'calibrate'],
        ['A', '2024-04-01', 'test'],
      ),
    ).toEqual([]);
  });

  it('finds labels that look into the next split', async () => {
    expect(
      await training(['A', '2024-01-01', 'train'], ['A', '2024-01-20', 'stop'], ['A', '2024-02-01', 'test']),
    ).toEqual([
      'label_windows_cross: 30 days: labels of 1 earlier rows look into the validation months',
      'label_windows_cross: 30 days: labels of 1 earlier rows look into the test months',
    ]);
  });

  it('finds an entity that stands on a date twice, or in both halves of validation', async () => {
    expect(
      await training(
        ['A', '2024-01-01', 'train'],
        ['A', '2024-01-01', 'train'],
        ['B', '2024-03-01', 'stop'],
        ['B', '2024-04-01', 'calibrate'],
      ),
    ).toEqual([
      'repeated_rows: 1 times the same member stands on the same date more than once, such as A',
      'repeated_rows: 30 days: 1 entities are in both halves of validation, such as B',
    ]);
  });

  /** Forty entities in a training month and as many others in a test month, the contents of which are given. */
  const months = (trained: (row: number) => number, held: (row: number) => number) =>
    training(
      ...Array.from(
        { length: 40 },
        (_, row) => [`A${String(row)}`, '2024-01-01', 'train', trained(row)] as const,
      ),
      ...Array.from(
        { length: 40 },
        (_, row) => [`B${String(row)}`, '2024-06-01', 'test', held(row)] as const,
      ),
    );

  it('finds rows of a dated pack that come back in another split under another key', async () => {
    expect(
      await months(
        (row) => row,
        (row) => (row < 10 ? row : 500 + row),
      ),
    ).toEqual([
      'identical_rows: 10 of 40 rows of validation and test are the same in all features as a training row under another key, such as B0 and A0; by chance about 0 would be',
    ]);
  });

  it('takes rows that are alike within a month too for chance', async () => {
    // A third of all have no history yet.
    const newcomers = (row: number): number => (row % 3 === 0 ? 7 : -1);
    expect(
      await months(
        (row) => (newcomers(row) === 7 ? 7 : row + 100),
        (row) => (newcomers(row) === 7 ? 7 : row + 500),
      ),
    ).toEqual([]);
  });

  it('takes an entity that has not changed for no other one', async () => {
    const rows = Array.from({ length: 40 }, (_, row) => `A${String(row)}`);
    expect(
      await training(
        ...rows.map((entity, row) => [entity, '2024-01-01', 'train', row] as const),
        ...rows.map((entity, row) => [entity, '2024-06-01', 'test', row] as const),
      ),
    ).toEqual([]);
  });
});
