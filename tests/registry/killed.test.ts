/** A process that dies while it registers, promotes or rolls back leaves the state before or after it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixedClock, systemClock } from '../../src/kernel/index.ts';
import { readModel, storeModel } from '../../src/model/index.ts';
import { championSet, openRegistry, registeredSet, type RegistryState } from '../../src/registry/index.ts';
import { collectGarbage } from '../../src/workflow/index.ts';
import { openMagazine, readers } from '../main-job/magazine.ts';
import { dieAtStep } from './dying-disk.ts';
import { NAME, registerPromoteRollBack } from './registrar.ts';

const PROGRAM = fileURLToPath(new URL('killed-registrar.ts', import.meta.url));
const DAYS_MS = 3 * 24 * 60 * 60 * 1000;

let folder: string;
let original: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-killed-'));
  original = path.join(folder, 'original');
  await using workspace = await openMagazine();
  await workspace.land('readers_1.csv', readers(400));
  await workspace.run({ to: 'promote' });
  await cp(path.join(workspace.folder, 'models'), original, { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));

const copyOf = async (name: string): Promise<string> => {
  const models = path.join(folder, name);
  await cp(original, models, { recursive: true });
  return models;
};

const registryOf = (models: string) => openRegistry(models, systemClock);

/** Everything but the history, which has more lines the more often somebody tried. */
const filesOf = async (models: string): Promise<string[]> =>
  (await readdir(models, { recursive: true })).filter((file) => file !== 'history.jsonl').sort();

/** The work in a process of its own, which kills itself. */
async function killedAt(models: string, step: number): Promise<void> {
  const program = spawn(process.execPath, ['--import', 'tsx', PROGRAM, models, String(step)], {
    stdio: 'inherit',
  });
  const [, signal] = (await once(program, 'exit')) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
}

/** The same in this process: from the step on, nothing of it happens any more. False where it ended before. */
async function stoppedAt(models: string, step: number): Promise<boolean> {
  let stop = (): void => undefined;
  const stopped = new Promise<true>((resolve) => {
    stop = () => {
      resolve(true);
    };
  });
  const disk = dieAtStep(models, step, () => {
    stop();
    return new Promise(() => undefined);
  });
  const isStopped = await Promise.race([stopped, registerPromoteRollBack(models).then(() => false)]);
  await disk.restore();
  return isStopped;
}

describe('a process that dies while it registers, promotes and rolls back', () => {
  let expected: RegistryState;
  let expectedFiles: string[];
  beforeAll(async () => {
    const undisturbed = await copyOf('undisturbed');
    await registerPromoteRollBack(undisturbed);
    expected = await registryOf(undisturbed).state();
    expect(expected).toMatchObject({ number: 5, champion: 1 });
    expectedFiles = await filesOf(undisturbed);
  });

  /** Number of the state that was left: 2 at the start, 3 registered, 4 promoted, 5 rolled back. */
  async function checkLeft(models: string, label: string): Promise<number> {
    const registry = registryOf(models);
    const { number, champion, sets } = await registry.state();
    expect(champion, label).toBe(number === 4 ? 2 : 1);
    expect((await championSet(registry))?.set.id, label).toBe(champion);
    for (const id of sets.keys()) await registeredSet(registry, id);
    expect(await registry.historyFault(), label).toBeNull();

    await registerPromoteRollBack(models);
    const again = await registry.state();
    expect(again, label).toMatchObject({ number: 5, champion: 1, reigns: expected.reigns });
    expect(again.sets.get(2)?.versions, label).toEqual({ [NAME]: 2 });
    const clock = fixedClock(new Date(Date.now() + DAYS_MS).toISOString());
    const parts = { registry, folders: { models }, clock, user: 'ana', runId: 'gc' };
    await collectGarbage(parts, { keep: 9 });
    expect(await filesOf(models), label).toEqual(expectedFiles);
    await rm(models, { recursive: true });
    return number;
  }

  test('leaves at every step a champion that is whole, and its work can be done again', async () => {
    const numbers: number[] = [];
    for (let step = 1, isStopped = true; isStopped; step += 1) {
      const models = await copyOf(`step-${String(step)}`);
      isStopped = await stoppedAt(models, step);
      numbers.push(await checkLeft(models, `step ${String(step)}`));
    }
    // Nothing is taken back by going further.
    expect(numbers).toEqual([...numbers].sort());
    expect(new Set(numbers)).toEqual(new Set([2, 3, 4, 5]));
    expect(numbers.length).toBeGreaterThan(70);
  });

  test.each([2, 40, 55, 60, 66, 72])('leaves the same when it is really killed, at step %i', async (step) => {
    const models = await copyOf(`killed-${String(step)}`);
    await killedAt(models, step);
    await checkLeft(models, `step ${String(step)}`);
  });
});

test('trainers that store at the same time take numbers of their own, and equal models share one', async () => {
  const models = await copyOf('together');
  const first = await readModel(models, NAME, 1);
  const seeds = [11, 12, 13, 11, 14, 12];
  const stored = await Promise.all(
    seeds.map((seed) =>
      storeModel(models, { ...first, settings: { ...first.settings, seed } }, first.provenance),
    ),
  );
  const versions = (await readdir(path.join(models, NAME))).sort();
  expect(versions).toEqual(['1', '2', '3', '4', '5']);
  for (const [index, { version, contentHash }] of stored.entries()) {
    const read = await readModel(models, NAME, version);
    expect(read).toMatchObject({ contentHash, settings: { seed: seeds[index] } });
  }
});
