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

/** A training set of (entity, date, split). */
async function training(...rows: readonly (readonly [string, string, string])[]): Promise<string[]> {
  const values = rows.map(([entity, date, split]) => `('${entity}', DATE '${date}', '${split}', 0)`);
  await engine.execute(
    `CREATE TABLE training AS SELECT * FROM (VALUES ${values.join(', ')}) AS t (member_id, observation_date, split, label)`,
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
});
