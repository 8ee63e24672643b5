/** What was changed on disk is found, and what was made to look unchanged never reaches a native library. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashOf, HoldfastError, sha256, systemClock } from '../../src/kernel/index.ts';
import { openRegistry, registeredSet } from '../../src/registry/index.ts';
import { failureOf } from '../main-job/lake-state.ts';
import { changedMagazine, openMagazine, readers } from '../main-job/magazine.ts';
import { seededRandom } from '../support/random.ts';
import { verifyModels } from '../../src/workflow/index.ts';
import type { TestWorkspace } from '../support/workspace.ts';

const NAME = 'churn_model_90d';
/** A set each, in this order. */
const LEARNERS = ['lightgbm', 'xgboost', 'logistic_regression', 'random_forest'] as const;
const FLIPS = 300;
/** As the pack has it. */
const LEARNER = `learner:
  parameters:
    objective: binary
    metric: average_precision
    learning_rate: 0.1
    num_leaves: 7
    min_child_samples: 10
`;

let workspace: TestWorkspace;
let models: string;
beforeAll(async () => {
  workspace = await openMagazine();
  await workspace.land('readers_1.csv', readers(600));
  await workspace.run({ to: 'promote' }, { 'learner.rounds': 5 });
  for (const name of LEARNERS.slice(1)) {
    await using pack = await changedMagazine({
      file: 'pack.yaml',
      from: LEARNER,
      to: `learner:\n  name: ${name}\n  parameters: {}\n`,
    });
    await workspace.run({ from: 'train', to: 'train' }, { pack: pack.folder, 'learner.rounds': 5 });
  }
  models = path.join(workspace.folder, 'models');
});
afterAll(() => workspace[Symbol.asyncDispose]());

/** What is wrong with a set, the history or the evidence; null where nothing is found. */
async function faultOf(set: number): Promise<string | null> {
  const registry = openRegistry(models, systemClock);
  try {
    await registeredSet(registry, set);
    for (const event of await registry.events())
      if ('evidence' in event) await registry.readEvidence(event.evidence);
    return await registry.historyFault();
  } catch (error) {
    if (error instanceof HoldfastError) return error.code;
    throw error;
  }
}

test(`each of ${String(FLIPS)} flipped bytes of models, set, history and evidence is found`, async () => {
  const random = seededRandom(20_240_601);
  const version = (await readdir(path.join(models, NAME, '1'), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const evidence = (await readdir(path.join(models, 'evidence'))).map((file) =>
    path.join(models, 'evidence', file),
  );
  const files = [
    ...version,
    ...evidence,
    path.join(models, 'sets', '1.json'),
    path.join(models, 'history.jsonl'),
  ];
  expect(await faultOf(1)).toBeNull();
  for (let flip = 0; flip < FLIPS; flip += 1) {
    const file = files[flip % files.length] ?? '';
    const content = await readFile(file);
    // The last byte of each file is among them: it ends a line.
    const place = flip < files.length ? content.length - 1 : random.whole(0, content.length - 1);
    const bit = 1 << random.whole(0, 7);
    const flipped = Buffer.from(content);
    flipped[place] = (content[place] ?? 0) ^ bit;
    await writeFile(file, flipped);
    expect(
      await faultOf(1),
      `${path.relative(models, file)}, byte ${String(place)}, bit ${String(bit)}`,
    ).not.toBeNull();
    await writeFile(file, content);
  }
  expect(await faultOf(1)).toBeNull();
});

test('a changed white space in a set is named by models verify, which goes on', async () => {
  const file = path.join(models, 'sets', '2.json');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('\n ', '\n  '));
  const verified = await workspace.withContext((context) => verifyModels(context));
  await writeFile(file, text);
  expect(verified.filter(({ fault }) => fault !== null)).toEqual([
    { what: 'set 2', fault: `the model file is not what was stored: ${file}` },
  ]);
  expect(verified.length).toBeGreaterThan(LEARNERS.length);
});

/** Changes a file of a version and makes every hash right again, as who can write the folder may do. */
async function forged(
  learner: (typeof LEARNERS)[number],
  file: string,
  change: (text: string) => string,
  named = file,
): Promise<HoldfastError> {
  const set = LEARNERS.indexOf(learner) + 1;
  const copy = await mkdtemp(path.join(tmpdir(), 'holdfast-forged-'));
  try {
    await cp(models, copy, { recursive: true });
    const setFile = path.join(copy, 'sets', `${String(set)}.json`);
    const stored = JSON.parse(await readFile(setFile, 'utf8')) as {
      versions: Record<string, number>;
      contentHashes: Record<string, string>;
      packHash: string;
      hash: string;
    };
    const folder = path.join(copy, NAME, String(stored.versions[NAME]));
    const before = await readFile(path.join(folder, file), 'utf8');
    const text = change(before);
    if (text === before) throw new Error('nothing was changed');
    await writeFile(path.join(folder, file), text);
    const manifestFile = path.join(folder, 'manifest.json');
    const { hash: _hash, ...manifest } = JSON.parse(await readFile(manifestFile, 'utf8')) as {
      hash: string;
      contentHash: string;
      files: Record<string, string>;
    };
    manifest.files[file] = sha256(text);
    manifest.contentHash = hashOf(manifest.files);
    await writeFile(manifestFile, jsonText({ ...manifest, hash: hashOf(manifest) }));
    stored.contentHashes[NAME] = manifest.contentHash;
    stored.hash = hashOf({ contentHashes: stored.contentHashes, packHash: stored.packHash });
    await writeFile(setFile, jsonText(stored));
    const registry = openRegistry(path.join(copy, 'registry'), systemClock);
    await registry.change({ by: 'eva' }, () => ({
      kind: 'registered',
      summary: { ...stored, id: set, pack: 'magazine', testAucPr: {}, origin: 'forged' },
    }));
    await cp(path.join(copy, 'registry', 'history.jsonl'), path.join(copy, 'history.jsonl'));
    const failure = await failureOf(registeredSet(openRegistry(copy, systemClock), set));
    expect(failure.place?.file).toBe(path.join(folder, named));
    return failure;
  } finally {
    await rm(copy, { recursive: true });
  }
}

const jsonText = (value: unknown): string => `${JSON.stringify(value, undefined, 1)}\n`;

/** Keeps `tree_sizes` right. */
const inTrees =
  (pattern: RegExp, to: string) =>
  (text: string): string => {
    const changed = text.replace(pattern, to);
    const section = changed.slice(changed.indexOf('Tree=0\n'), changed.indexOf('end of trees\n'));
    const sizes = section.split(/(?=^Tree=\d+\n)/m).map((block) => block.length);
    return changed.replace(/^tree_sizes=.*$/m, `tree_sizes=${sizes.join(' ')}`);
  };

describe('a model text with all hashes made right is refused before the library sees it', () => {
  const trees: readonly (readonly [string, (text: string) => string])[] = [
    ['more leaves than arrays', inTrees(/^num_leaves=\d+/m, 'num_leaves=99')],
    ['an array that is too short', inTrees(/^leaf_value=\S+ /m, 'leaf_value=')],
    ['an array that is too long', inTrees(/^split_gain=/m, 'split_gain=1 ')],
    ['a feature beyond the features', inTrees(/^split_feature=\d+/m, 'split_feature=99')],
    ['category sets out of bounds', inTrees(/^num_cat=\d+/m, 'num_cat=99')],
    ['children in a circle', inTrees(/^left_child=-?\d+/m, 'left_child=0')],
    ['sizes that lie', (text) => text.replace(/^tree_sizes=\d+/m, 'tree_sizes=99999')],
    ['a threshold that is no number', inTrees(/^threshold=\S+/m, 'threshold=nan')],
    ['a count too large for the machine', inTrees(/^num_leaves=\d+/m, 'num_leaves=99999999999')],
    ['a child with an exponent', inTrees(/^left_child=(-?\d+)/m, 'left_child=$1e0')],
    ['a child with a fraction', inTrees(/^right_child=(-?\d+)/m, 'right_child=$1.0')],
    ['a value beyond all numbers', inTrees(/^leaf_value=\S+/m, 'leaf_value=1e999')],
    ['nothing', () => ''],
  ];
  test.each(trees)('LightGBM with %s', async (_, change) => {
    expect(await forged('lightgbm', 'model.txt', change)).toMatchObject({ code: 'HF503' });
  });
  test.each(trees.slice(0, 6))('a forest with %s', async (_, change) => {
    expect(await forged('random_forest', 'model.txt', change)).toMatchObject({ code: 'HF503' });
  });

  test.each<readonly [string, RegExp, string]>([
    ['more nodes than arrays', /"num_nodes":"\d+"/, '"num_nodes":"9999"'],
    ['an array that is too short', /"base_weights":\[[^,\]]+,/, '"base_weights":['],
    ['a feature beyond the features', /"split_indices":\[\d+/, '"split_indices":[99'],
    ['children in a circle', /"left_children":\[1/, '"left_children":[0'],
    ['a child beyond the nodes', /"right_children":\[\d+/, '"right_children":[99999'],
    ['a child too large for the machine', /"left_children":\[1/, '"left_children":[1e300'],
    ['a threshold that is no number', /"split_conditions":\[[^,\]]+/, '"split_conditions":[NaN'],
    ['a threshold beyond all numbers', /"split_conditions":\[[^,\]]+/, '"split_conditions":[1e999'],
    ['a key twice, of which one is hostile', /"left_children":/, '"left_children":[7],"left_children":'],
    ['features that are counted in another way', /"num_feature":"(\d+)"/, '"num_feature":"0x$1"'],
    ['trees side by side', /"num_parallel_tree":"1"/, '"num_parallel_tree":"0"'],
    ['categories that fill the memory', /(\\"\d+\\":\[\[0,)\d+/, '$199999999999'],
  ])('XGBoost with %s', async (_, pattern, to) => {
    const failure = await forged('xgboost', 'model.json', (text) => text.replace(pattern, to));
    expect(failure).toMatchObject({ code: 'HF503' });
  });

  test.each<readonly [string, RegExp, string]>([
    ['a column beyond the features', /"column": \d+/, '"column": 999'],
    ['no spread', /"scale": [^,]+/, '"scale": 0'],
    ['a coefficient beyond all numbers', /"coefficient": [^\s]+/, '"coefficient": 1e999'],
    ['a term that reads something else', /"reads": "\w+"/, '"reads": "file"'],
    ['no terms', /"terms": \[/, '"terms": {}, "other": ['],
    ['half of it', /[^]{300}$/, ''],
  ])('a regression with %s', async (_, pattern, to) => {
    const failure = await forged('logistic_regression', 'model.json', (text) => text.replace(pattern, to));
    expect(failure).toMatchObject({ code: 'HF503' });
  });

  test('a tree as deep as its leaves, which would exceed the stack of the library', async () => {
    const deep = 20_000;
    const splits = Array.from({ length: deep }, (_, node) => node);
    const each = (of: (node: number) => number | string): string => splits.map(of).join(' ');
    const block = [
      'Tree=0',
      `num_leaves=${String(deep + 1)}`,
      'num_cat=0',
      `split_feature=${each(() => 0)}`,
      `split_gain=${each(() => 1)}`,
      `threshold=${each(() => 1)}`,
      `decision_type=${each(() => 2)}`,
      `left_child=${each((node) => (node === deep - 1 ? -deep - 1 : node + 1))}`,
      `right_child=${each((node) => -node - 1)}`,
      ...['leaf_value', 'leaf_weight', 'leaf_count'].map((key) => `${key}=${each(() => 1)} 1`),
      ...['internal_value', 'internal_weight', 'internal_count'].map((key) => `${key}=${each(() => 1)}`),
      'is_linear=0',
      'shrinkage=1',
      '\n\n',
    ].join('\n');
    const failure = await forged('lightgbm', 'model.txt', (text) =>
      inTrees(/^Tree=0\n[^]*?(?=^Tree=1\n)/m, block)(text),
    );
    expect(failure).toMatchObject({ code: 'HF503' });
    expect(failure.message).toContain('deeper than');
  });

  test('other features than its encoding has (HF504)', async () => {
    const failure = await forged('lightgbm', 'model.txt', (text) =>
      text
        .replace(
          /^max_feature_idx=(\d+)$/m,
          (_, index: string) => `max_feature_idx=${String(Number(index) + 1)}`,
        )
        .replace(/^feature_names=.*$/m, '$& one_more')
        .replace(/^feature_infos=.*$/m, '$& none'),
    );
    expect(failure).toMatchObject({ code: 'HF504' });
    expect(failure.message).toMatch(/reads \d+ features, but its encoding gives it \d+/);
  });
});

describe('another file with all hashes made right is refused', () => {
  test.each<readonly [string, string, (text: string) => string]>([
    ['no JSON', 'features.json', (text) => text.slice(1)],
    ['a feature twice', 'features.json', (text) => text.replace(/"name": "[^"]+"/g, '"name": "x"')],
    ['a slope that falls', 'calibrator.json', () => '{"method":"platt","slope":-1,"intercept":0}\n'],
    [
      'knots that do not ascend',
      'calibrator.json',
      () => '{"method":"isotonic","knots":{"x":[1,0],"y":[0,1]}}\n',
    ],
    ['rows of another width', 'samples.json', () => '[{"values":[1],"raw":0}]\n'],
    ['another horizon', 'settings.json', (text) => text.replace('"horizonDays": 90', '"horizonDays": 30')],
    ['an unknown learner', 'settings.json', (text) => text.replace('"name": "lightgbm"', '"name": "shell"')],
  ])('%s in %s', async (_, file, change) => {
    expect(await forged('lightgbm', file, change)).toMatchObject({ code: 'HF503' });
  });
});
