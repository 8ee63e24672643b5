/** A model folder is taken whole and unchanged, or not at all; and other programs read it. */
import { spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../src/kernel/index.ts';
import { setInUse } from '../support/set-in-use.ts';
import type { TestWorkspace } from '../support/workspace.ts';
import { copyOf, failureOf, fileHashes, tableVersions } from './lake-state.ts';
import { MAGAZINE_PACK, openMagazine, readers } from './magazine.ts';

const MAGAZINE = { pack: MAGAZINE_PACK };
const MODEL = 'models/churn_model_90d/1';
const CONTENT_FILES = [
  'model.txt',
  'features.json',
  'statistics.json',
  'calibrator.json',
  'decision.json',
  'settings.json',
  'metrics.json',
  'samples.json',
  'selection.json',
  'lineage.json',
  'MLmodel',
  'requirements.txt',
  'python_env.yaml',
  'input_example.json',
  'serving_input_example.json',
  'code/holdfast_model.py',
];

let prepared: TestWorkspace;
beforeAll(async () => {
  prepared = await openMagazine();
  await prepared.land('readers_1.csv', readers(400));
  await prepared.run();
});
afterAll(() => prepared[Symbol.asyncDispose]());

/** Damages a file in a copy of the models folder and expects the model set to be refused by that file. */
async function expectDamage(
  name: string,
  damage: (file: string) => Promise<void>,
  message: RegExp,
): Promise<void> {
  const copy = await mkdtemp(path.join(tmpdir(), 'holdfast-models-'));
  try {
    await cp(path.join(prepared.folder, 'models'), path.join(copy, 'models'), { recursive: true });
    await damage(path.join(copy, name));
    const failure = await failureOf(setInUse(path.join(copy, 'models')));
    expect(failure).toMatchObject({ code: 'HF503', exitCode: 2 });
    expect(failure.message).toMatch(message);
    expect(failure.hint).toMatch(
      /^restore the ((models )?folder from a backup, or train again|file from a backup)$/,
    );
    expect(path.isAbsolute(failure.place?.file ?? '')).toBe(true);
  } finally {
    await rm(copy, { recursive: true });
  }
}

describe('a model folder', () => {
  test('holds what is needed to score, check and trace, and its manifest names it', async () => {
    const files = await fileHashes(prepared, MODEL);
    expect(Object.keys(files).sort()).toEqual([...CONTENT_FILES, 'manifest.json'].sort());
    const manifest = JSON.parse(
      await readFile(path.join(prepared.folder, MODEL, 'manifest.json'), 'utf8'),
    ) as { files: Record<string, string> };
    for (const name of CONTENT_FILES) expect(manifest.files[name]).toBe(files[name]);
  });

  test.each(CONTENT_FILES)('with a changed %s is refused', (name) =>
    expectDamage(
      `${MODEL}/${name}`,
      async (file) => {
        const text = await readFile(file, 'utf8');
        await writeFile(
          file,
          text.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10)),
        );
      },
      /^the model file is not what was stored$/,
    ),
  );

  test('with a shortened file is refused', () =>
    expectDamage(`${MODEL}/model.txt`, (file) => truncate(file, 1000), /is not what was stored/));

  test('with a missing file is refused', () =>
    expectDamage(`${MODEL}/calibrator.json`, (file) => rm(file), /is missing/));

  test.each([
    ['missing', (file: string) => rm(file), /cannot be read/],
    ['cut short', (file: string) => truncate(file, 40), /cannot be read/],
    ['empty of meaning', (file: string) => writeFile(file, '{}'), /does not fit the content hash/],
  ] as const)('whose manifest is %s is refused', (_, damage, message) =>
    expectDamage(`${MODEL}/manifest.json`, damage, message),
  );

  test('in which a file was exchanged along with its entry is refused', () =>
    expectDamage(
      `${MODEL}/model.txt`,
      async (file) => {
        const text = `${await readFile(file, 'utf8')}\n`;
        await writeFile(file, text);
        const manifestFile = path.join(path.dirname(file), 'manifest.json');
        const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as {
          files: Record<string, string>;
        };
        manifest.files['model.txt'] = sha256(text);
        await writeFile(manifestFile, JSON.stringify(manifest));
      },
      /does not fit the content hash/,
    ));
});

describe('scoring with a damaged model', () => {
  test('is refused, and no table changes', async () => {
    await using workspace = await copyOf(prepared, MAGAZINE);
    const before = await tableVersions(workspace);
    await truncate(path.join(workspace.folder, MODEL, 'model.txt'), 1000);
    for (const from of ['score', 'ingest'] as const)
      expect(await failureOf(workspace.run({ from }))).toMatchObject({
        code: 'HF503',
        place: { file: path.join(workspace.folder, MODEL, 'model.txt') },
      });
    expect(await tableVersions(workspace)).toEqual(before);
  });
});

describe('the model set in use', () => {
  test.each([
    [
      'history lacks its beginning',
      'models/history.jsonl',
      async (file: string) => {
        const text = await readFile(file, 'utf8');
        await writeFile(file, text.slice(text.indexOf('\n') + 1));
      },
      /event 1 is missing/,
    ],
    ['set is missing', 'models/sets/1.json', (file: string) => rm(file), /cannot be read/],
    [
      'set is changed',
      'models/sets/1.json',
      async (file: string) => {
        await writeFile(file, (await readFile(file, 'utf8')).replace(/"packHash": "./, '"packHash": "x'));
      },
      /does not fit its hash/,
    ],
  ] as const)('is refused where its %s', (_, name, damage, message) => expectDamage(name, damage, message));

  test('is asked for by the next step where there is none', async () => {
    await using workspace = await copyOf(prepared, MAGAZINE);
    await rm(path.join(workspace.folder, 'models'), { recursive: true });
    const failure = await failureOf(workspace.run({ from: 'score' }));
    expect(failure).toMatchObject({ code: 'HF108', exitCode: 2, hint: 'train first: holdfast train' });
  });
});

describe('other programs', () => {
  const python = path.join(
    import.meta.dirname,
    `../../.venv/${process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'}`,
  );
  const has = (module: string): boolean =>
    spawnSync(python, [
      '-c',
      `import importlib.util, sys; sys.exit(importlib.util.find_spec('${module}') is None)`,
    ]).status === 0;
  const run = (script: readonly string[]): unknown => {
    const { status, stdout, stderr } = spawnSync(python, script, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the Python script failed: ${stderr}`);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  };
  const samples = async (): Promise<{ values: (number | null)[]; raw: number }[]> =>
    JSON.parse(await readFile(path.join(prepared.folder, MODEL, 'samples.json'), 'utf8')) as {
      values: (number | null)[];
      raw: number;
    }[];

  const lightgbm = has('lightgbm');
  test.skipIf(!lightgbm)(
    `Python's lightgbm predicts the stored samples${lightgbm ? '' : ' (skipped: .venv has no lightgbm, see `npm test`)'}`,
    async () => {
      const stored = await samples();
      expect(stored).toHaveLength(10);
      const script = path.join(import.meta.dirname, 'predict_samples.py');
      const predicted = run([script, path.join(prepared.folder, MODEL)]) as number[];
      for (const [index, { raw }] of stored.entries()) expect(predicted[index]).toBeCloseTo(raw, 12);
    },
  );
});
