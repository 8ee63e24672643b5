/** An export holds all that scoring needs, whole or not at all, and touches nothing that is not its own. */
import { spawnSync } from 'node:child_process';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashOf, sha256 } from '../../src/kernel/index.ts';
import { coherentProbabilities, readExport, sampleMatrix, writeExport } from '../../src/model/index.ts';
import { exportedSet, registeredSet } from '../../src/registry/index.ts';
import { exportModels } from '../../src/workflow/index.ts';
import { failureOf } from '../main-job/lake-state.ts';
import { openMagazine, readers } from '../main-job/magazine.ts';
import type { TestWorkspace } from '../support/workspace.ts';

const NAME = 'churn_model_90d';
const DAY_MS = 24 * 60 * 60 * 1000;

let workspace: TestWorkspace;
let temporary: string;
let target: string;
beforeAll(async () => {
  workspace = await openMagazine();
  await workspace.land('readers_1.csv', readers(1200));
  await workspace.run();
  for (const rounds of [3, 5])
    await workspace.run({ from: 'train', to: 'train' }, { 'learner.rounds': rounds });
  temporary = await mkdtemp(path.join(tmpdir(), 'holdfast-export-'));
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  await rm(temporary, { recursive: true });
});
beforeEach(async () => {
  target = path.join(await mkdtemp(path.join(temporary, 'target-')), 'models');
});

const exportSet = (set: number, folder = target) =>
  workspace.withContext(async (context) => (await exportModels(context, set, folder)).result);

const setOf = (id: number) => workspace.withContext(({ registry }) => registeredSet(registry, id));

const filesBelow = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();

interface Manifest {
  folder: string;
  previous: string | null;
  hash?: string;
  files: Record<string, { bytes: number; sha256: string }>;
}
const manifestOf = async (folder = target): Promise<Manifest> =>
  JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')) as Manifest;

describe('an export', () => {
  test('reads as the registered set, and scores the same to the bit', async () => {
    const written = await exportSet(1);
    const { folder, ...exported } = await exportedSet(target);
    const registered = await setOf(1);
    expect(exported).toEqual(registered);
    expect(folder).toBe(path.join(target, written.setFolder));
    const scoresOf = ({ models }: typeof registered) =>
      workspace.withContext(async ({ learner }) => {
        const raw: Float64Array[] = [];
        for (const model of models) {
          await using loaded = await (await learner(model.learner.name)).load(model.modelText);
          raw.push(await loaded.predictRaw(sampleMatrix(model)));
        }
        return coherentProbabilities(
          models.map(({ calibrator }) => calibrator),
          raw,
        );
      });
    expect(await scoresOf(exported)).toEqual(await scoresOf(registered));
  });

  test('names each of its files with size and hash, and has the model text beside them', async () => {
    const written = await exportSet(1);
    const { folder, files } = await manifestOf();
    expect(await filesBelow(path.join(target, folder))).toEqual(Object.keys(files).sort());
    for (const [file, { bytes, sha256: hash }] of Object.entries(files)) {
      const content = await readFile(path.join(target, folder, file));
      expect([content.length, sha256(content)], file).toEqual([bytes, hash]);
    }
    const text = await readFile(path.join(target, `${NAME}.txt`));
    expect(written.models).toEqual([{ file: `${NAME}.txt`, bytes: text.length, sha256: sha256(text) }]);
    expect(text.length).toBeGreaterThan(1024);
    expect(await readdir(target)).toHaveLength(3);
  });

  test('written again changes nothing, and mends what is damaged', async () => {
    await exportSet(1);
    const { folder } = await manifestOf();
    const before = await stat(path.join(target, 'manifest.json'));
    await exportSet(1);
    expect((await stat(path.join(target, 'manifest.json'))).mtimeMs).toBe(before.mtimeMs);
    for (const file of [`${folder}/${NAME}/model.txt`, `${NAME}.txt`, 'manifest.json'])
      await truncate(path.join(target, file), 900);
    expect(await failureOf(exportedSet(target))).toMatchObject({ code: 'HF503' });
    await exportSet(1);
    expect((await exportedSet(target)).set).toEqual((await setOf(1)).set);
  });

  test('of another set keeps the folder of the one before until the next', async () => {
    const folders = [];
    for (const set of [1, 2, 3]) folders.push((await exportSet(set)).setFolder);
    expect(new Set(folders).size).toBe(3);
    expect((await readdir(path.join(target, 'sets'))).map((name) => `sets/${name}`).sort()).toEqual(
      folders.slice(1).sort(),
    );
    expect(await manifestOf()).toMatchObject({ folder: folders[2], previous: folders[1] });
    expect((await readExport(target)).set.id).toBe(3);
  });

  const python = path.join(
    import.meta.dirname,
    `../../.venv/${process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'}`,
  );
  const hasLightGbm = spawnSync(python, ['-c', 'import lightgbm']).status === 0;
  test.skipIf(!hasLightGbm)(
    `is read by Python's lightgbm${hasLightGbm ? '' : ' (skipped: .venv has no lightgbm, see `npm test`)'}`,
    async () => {
      await exportSet(1);
      const [model] = (await exportedSet(target)).models;
      const alone = path.join(temporary, 'alone');
      await mkdir(alone);
      await cp(path.join(target, `${NAME}.txt`), path.join(alone, 'model.txt'));
      await writeFile(path.join(alone, 'samples.json'), JSON.stringify(model?.samples));
      const script = path.join(import.meta.dirname, '../main-job/predict_samples.py');
      const { stdout, stderr } = spawnSync(python, [script, alone], { encoding: 'utf8' });
      const predicted = JSON.parse(stdout === '' ? `"${stderr}"` : stdout) as number[];
      expect(predicted).toHaveLength(model?.samples.length ?? 0);
      model?.samples.forEach(({ raw }, index) => {
        expect(predicted[index]).toBeCloseTo(raw, 12);
      });
    },
  );
});

describe('an export that ends early', () => {
  test.each([0, 3, 9, 20, 21, 22, 23])(
    'after %i of its files leaves the set before, and the next one ends',
    async (count) => {
      await exportSet(1);
      const complete = path.join(temporary, `complete-${String(count)}`);
      await cp(target, complete, { recursive: true });
      await exportSet(2, complete);
      const { folder } = await manifestOf(complete);
      // In the order in which an export writes them.
      const inOrder = [
        ...Object.keys((await manifestOf(complete)).files).map((file) => `${folder}/${file}`),
        `${NAME}.txt`,
      ];
      for (const file of inOrder.slice(0, count)) {
        await mkdir(path.dirname(path.join(target, file)), { recursive: true });
        await cp(path.join(complete, file), path.join(target, file));
      }
      expect((await exportedSet(target)).set.id).toBe(1);
      await exportSet(2);
      expect((await exportedSet(target)).set.id).toBe(2);
    },
  );

  test('the first time leaves nothing that reads as an export, and the next one ends', async () => {
    await exportSet(1);
    await rm(path.join(target, 'manifest.json'));
    await writeFile(path.join(target, '.staged-00000000-0000-0000-0000-000000000000'), 'half');
    expect(await failureOf(readExport(target))).toMatchObject({
      code: 'HF503',
      place: { file: path.join(target, 'manifest.json') },
    });
    await exportSet(1);
    expect((await exportedSet(target)).set.id).toBe(1);
  });

  test('by a check that fails leaves the set before in use', async () => {
    await exportSet(1);
    const models = path.join(workspace.folder, 'models');
    const refused = writeExport(target, models, await setOf(2), {
      check: () => Promise.reject(new RangeError('no')),
      now: 0,
    });
    await expect(refused).rejects.toThrow('no');
    expect((await exportedSet(target)).set.id).toBe(1);
    const { removed } = await writeExport(target, models, await setOf(1), {
      check: () => Promise.resolve(),
      now: Date.now() + 2 * DAY_MS,
    });
    expect(removed).toHaveLength(1);
    expect(await readdir(path.join(target, 'sets'))).toHaveLength(1);
  });
});

describe('an export is refused', () => {
  test('by its reader where any of its files is changed, longer, shorter or missing', async () => {
    await exportSet(1);
    const { folder, files } = await manifestOf();
    for (const name of ['manifest.json', ...Object.keys(files).map((file) => `${folder}/${file}`)]) {
      const file = path.join(target, name);
      const content = await readFile(file);
      const flipped = Buffer.from(content);
      flipped[content.length >> 1] = (content[content.length >> 1] ?? 0) ^ 1;
      for (const damaged of [
        flipped,
        content.subarray(1),
        Buffer.concat([content, Buffer.from('\n')]),
        null,
      ]) {
        if (damaged === null) await rm(file);
        else await writeFile(file, damaged);
        expect(await failureOf(readExport(target)), name).toMatchObject({ code: 'HF503', place: { file } });
      }
      await writeFile(file, content);
    }
    expect((await readExport(target)).set.id).toBe(1);
  });

  test('by its reader where its manifest names a path outside, with hashes made right', async () => {
    await exportSet(1);
    await writeFile(path.join(target, 'outside.txt'), 'x');
    for (const change of [
      (manifest: Manifest) => ({ ...manifest, folder: 'sets/../..' }),
      (manifest: Manifest) => ({
        ...manifest,
        files: { ...manifest.files, '../../outside.txt': { bytes: 1, sha256: sha256('x') } },
      }),
    ]) {
      const { hash: _hash, ...rest } = await manifestOf();
      const changed = change(rest);
      await writeFile(
        path.join(target, 'manifest.json'),
        `${JSON.stringify({ ...changed, hash: hashOf(changed) }, undefined, 1)}\n`,
      );
      expect(await failureOf(readExport(target))).toMatchObject({ code: 'HF503' });
    }
  });

  test('where the folder is a file, or below one', async () => {
    await writeFile(target, 'a file');
    for (const folder of [target, path.join(target, 'below')])
      expect(await failureOf(exportSet(1, folder))).toMatchObject({
        code: 'HF101',
        place: { field: '--to' },
      });
    expect(await readFile(target, 'utf8')).toBe('a file');
  });

  test.each([
    ['photographs', { 'cat.jpg': 'x' }],
    ['a model that somebody else put there', { [`${NAME}.txt`]: 'tree' }],
    ['a manifest of something else', { 'manifest.json': '{"name":"app"}' }],
    ['sets of something else', { 'sets/summer.json': '{}' }],
  ])('where the folder holds %s, which stays as it is', async (_, files: Record<string, string>) => {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(target, file)), { recursive: true });
      await writeFile(path.join(target, file), text);
    }
    expect(await failureOf(exportSet(1))).toMatchObject({ code: 'HF101', exitCode: 2 });
    expect(await filesBelow(target)).toEqual(Object.keys(files));
  });

  test('where the folder is read-only', async () => {
    await mkdir(target);
    await chmod(target, 0o500);
    // The administrator may write everywhere; anybody else stands in.
    const isRoot = process.geteuid?.() === 0;
    await chmod(path.dirname(target), 0o755);
    await chmod(temporary, 0o755);
    const registered = await setOf(1);
    const models = path.join(workspace.folder, 'models');
    await chmod(workspace.folder, 0o755);
    try {
      if (isRoot) process.seteuid?.(65_534);
      const written = writeExport(target, models, registered, { check: () => Promise.resolve(), now: 0 });
      expect(await failureOf(written)).toMatchObject({ code: 'HF101', place: { file: target } });
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(target, 0o700);
    }
  });

  test('where a text of trees is too small to be one', async () => {
    const set = await setOf(1);
    const models = await mkdtemp(path.join(temporary, 'small-'));
    await cp(path.join(workspace.folder, 'models'), models, { recursive: true });
    await writeFile(path.join(models, NAME, '1', 'model.txt'), 'tree\n');
    const written = writeExport(target, models, set, { check: () => Promise.resolve(), now: 0 });
    expect(await failureOf(written)).toMatchObject({
      code: 'HF503',
      place: { file: path.join(models, NAME, '1', 'model.txt') },
    });
    await expect(stat(target)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test('files of others in the folder of an export stay', async () => {
  await exportSet(1);
  for (const file of ['README.md', 'sets/notes.txt']) await writeFile(path.join(target, file), 'mine');
  for (const set of [2, 3, 1]) await exportSet(set);
  for (const file of ['README.md', 'sets/notes.txt'])
    expect(await readFile(path.join(target, file), 'utf8')).toBe('mine');
});
