/** A search that is killed goes on with the trial that was not over, and finds what it would have found. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Trial } from '../../src/tune/index.ts';
import { tuneStep } from '../../src/workflow/index.ts';
import { holdfast } from '../cli/holdfast.ts';
import { MAGAZINE_PACK, openMagazine, readers } from '../main-job/magazine.ts';

const OPTIONS = { method: 'tpe', space: 'default', trials: 25 } as const;

async function trialsOf(state: string): Promise<Omit<Trial, 'seconds'>[]> {
  const folder = path.join(state, 'tuning');
  const [file] = await readdir(folder).catch(() => []);
  if (file === undefined) return [];
  return (await readFile(path.join(folder, file), 'utf8'))
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => {
      const { seconds: _seconds, ...trial } = JSON.parse(line) as Trial;
      return trial;
    });
}

test('a killed search makes the same trials as one that was left alone, and its best can be trained', async () => {
  await using workspace = await openMagazine();
  await workspace.land('readers.csv', readers(600));
  await workspace.run({ to: 'build' });
  const state = path.join(workspace.folder, 'state');
  const child = holdfast(
    ['tune', '--trials', '25', '--workspace', workspace.folder, '--pack', MAGAZINE_PACK],
    {
      onStderr: (text, kill) => {
        if (text.includes('best so far')) kill('SIGKILL');
      },
    },
  );
  expect((await child).exitCode).toBeNull();
  const killed = await trialsOf(state);
  expect(killed.length).toBeGreaterThan(0);
  expect(killed.length).toBeLessThan(25);

  const { result } = await workspace.withContext((context) => tuneStep(context, OPTIONS));
  expect(result.horizons[0]).toMatchObject({ trials: 25, resumed: killed.length, ended: 'trials' });
  const whole = path.join(workspace.folder, 'other-state');
  await workspace.withContext((context) => tuneStep(context, OPTIONS), { state: whole });
  expect(await trialsOf(state)).toEqual(await trialsOf(whole));

  const rows = await workspace.rows('SELECT trial, status FROM gold.tuning_trials ORDER BY trial');
  expect(rows).toHaveLength(25);
  await workspace.run({ from: 'train', to: 'train', tuned: true });
}, 120_000);

test('training with --tuned is refused where nothing was tuned, and where the pack has changed since', async () => {
  await using workspace = await openMagazine();
  await workspace.land('readers.csv', readers(300));
  await workspace.run({ to: 'build' });
  const train = (): Promise<unknown> => workspace.run({ from: 'train', to: 'train', tuned: true });
  await expect(train()).rejects.toMatchObject({ code: 'HF108' });
  await workspace.withContext((context) => tuneStep(context, { ...OPTIONS, trials: 1 }));
  const file = path.join(workspace.folder, 'models', 'tuned.json');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/"packHash": "[^"]*"/, '"packHash": "of another pack"'));
  await expect(train()).rejects.toMatchObject({ code: 'HF504' });
  await writeFile(file, '{ "90d": { "learner": 3 } }');
  await expect(train()).rejects.toMatchObject({ code: 'HF503' });
}, 60_000);
