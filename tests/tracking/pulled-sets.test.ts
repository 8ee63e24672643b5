/** Sets of a server that cannot be trusted: served from a folder that a test has changed. */
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hashOf, sha256 } from '../../src/kernel/index.ts';
import { writeSetFolder } from '../../src/model/index.ts';
import { pullModels } from '../../src/workflow/index.ts';
import { failureOf, fileHashes } from '../main-job/lake-state.ts';
import { changedMagazine, openMagazine, readers } from '../main-job/magazine.ts';
import { setInUse } from '../support/set-in-use.ts';
import type { TestWorkspace } from '../support/workspace.ts';

const MODEL = 'churn_model_90d';

let workspace: TestWorkspace;
let folder: string;
let given: string;
let served: string;
let uri: string;
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
  const answer = (value: unknown): void => {
    response.end(JSON.stringify(value));
  };
  const at = (name: string): string => path.join(served, ...name.split('/').slice(1));
  const artifacts = '/api/2.0/mlflow-artifacts/artifacts';
  void (async () => {
    if (pathname.endsWith('/registered-models/alias'))
      answer({ model_version: { name: searchParams.get('name'), version: '4', aliases: ['champion'] } });
    else if (pathname.endsWith('/get-download-uri')) answer({ artifact_uri: 'mlflow-artifacts:/set' });
    else if (pathname === artifacts) {
      const entries = await readdir(at(searchParams.get('path') ?? ''), { withFileTypes: true });
      answer({ files: entries.map((entry) => ({ path: entry.name, is_dir: entry.isDirectory() })) });
    } else response.end(await readFile(at(pathname.slice(artifacts.length + 1))));
  })();
});

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-given-'));
  workspace = await openMagazine();
  await workspace.land('readers.csv', readers(400));
  await workspace.run();
  const models = path.join(workspace.folder, 'models');
  const set = await setInUse(models);
  if (set === undefined) throw new Error('there is no set');
  given = path.join(folder, 'given');
  await writeSetFolder(given, models, set);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  uri = `http://127.0.0.1:${String(address.port)}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await workspace[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

type Files = Readonly<Record<string, (text: string) => string>>;

/** Serves the set with files changed; `seal` makes all hashes fit again, as whoever controls the server could. */
async function serve(changes: Files, seal: boolean): Promise<void> {
  served = await mkdtemp(path.join(folder, 'served-'));
  await cp(given, served, { recursive: true });
  for (const [name, change] of Object.entries(changes)) {
    const file = path.join(served, name);
    await writeFile(file, change(await readFile(file, 'utf8')));
  }
  if (!seal) return;
  const manifestFile = path.join(served, MODEL, 'manifest.json');
  const manifest = JSON.parse(await readFile(manifestFile, 'utf8')) as {
    files: Record<string, string>;
    contentHash: string;
    hash: string;
  };
  for (const name of Object.keys(manifest.files))
    manifest.files[name] = sha256(await readFile(path.join(served, MODEL, name), 'utf8').catch(() => ''));
  manifest.contentHash = hashOf(manifest.files);
  const { hash: _hash, ...rest } = manifest;
  await writeFile(manifestFile, `${JSON.stringify({ ...rest, hash: hashOf(rest) }, undefined, 1)}\n`);
  const setFile = path.join(served, 'set.json');
  const set = JSON.parse(await readFile(setFile, 'utf8')) as {
    hash: string;
    packHash: string;
    models: { folder: string; contentHash: string }[];
  };
  for (const model of set.models) model.contentHash = manifest.contentHash;
  const contentHashes = Object.fromEntries(set.models.map((model) => [model.folder, model.contentHash]));
  set.hash = hashOf({ contentHashes, packHash: set.packHash });
  await writeFile(setFile, JSON.stringify(set));
}

const changed =
  (change: (value: Record<string, unknown>) => unknown) =>
  (text: string): string =>
    JSON.stringify(change(JSON.parse(text) as Record<string, unknown>));

const pullInto = (of: TestWorkspace): Promise<unknown> =>
  of.withContext((context) => pullModels(context), { 'mlflow.uri': uri });

const FAULTS: readonly (readonly [string, Files, boolean, string])[] = [
  ['a model text that was changed', { [`${MODEL}/model.txt`]: (text) => `${text} ` }, false, 'HF703'],
  ['a model text that is none', { [`${MODEL}/model.txt`]: () => 'tree\n\n\nTree=0\n' }, true, 'HF703'],
  [
    'another probability scale than its samples say',
    {
      [`${MODEL}/samples.json`]: (text) => text.replace(/"raw": (-?)(\d)/, '"raw": $19'),
    },
    true,
    'HF703',
  ],
  [
    'a calibrator that turns the order round',
    { [`${MODEL}/calibrator.json`]: () => '{"method":"platt","slope":-1,"intercept":0}' },
    true,
    'HF703',
  ],
  ['statistics without their parts', { [`${MODEL}/statistics.json`]: () => 'null' }, true, 'HF703'],
  ['a file that is no JSON', { [`${MODEL}/features.json`]: () => '{' }, true, 'HF703'],
  ['settings that are none', { [`${MODEL}/settings.json`]: () => 'null' }, true, 'HF703'],
  [
    'a manifest that names files elsewhere',
    {
      [`${MODEL}/manifest.json`]: changed((manifest) => ({
        ...manifest,
        files: { ...(manifest['files'] as object), '../../../../etc/passwd': '0'.repeat(64) },
      })),
    },
    true,
    'HF703',
  ],
  [
    'an author who steers the terminal',
    {
      [`${MODEL}/manifest.json`]: changed((manifest) => ({
        ...manifest,
        provenance: { ...(manifest['provenance'] as object), createdBy: '\u001b[2J' },
      })),
    },
    false,
    'HF703',
  ],
  [
    'a folder that leads elsewhere',
    { 'set.json': (text) => text.replace(`"folder": "${MODEL}"`, '"folder": "../x"') },
    false,
    'HF703',
  ],
  [
    'another pack hash',
    { 'set.json': (text) => text.replace(/"packHash": "./, '"packHash": "') },
    false,
    'HF703',
  ],
  [
    'a feature that the pack does not have',
    {
      [`${MODEL}/features.json`]: (text) => text.replace('"complaints"', '"complaints_2"'),
      [`${MODEL}/statistics.json`]: (text) => text.replaceAll('"complaints"', '"complaints_2"'),
    },
    true,
    'HF504',
  ],
  [
    'another horizon',
    { [`${MODEL}/settings.json`]: (text) => text.replace('"horizonDays": 90', '"horizonDays": 60') },
    true,
    'HF703',
  ],
];

describe('a set that is pulled', () => {
  test('is taken as challenger where nothing is wrong with it, under the hashes that it has', async () => {
    await serve({}, false);
    await using own = await openMagazine();
    await pullInto(own);
    expect(await own.withContext(({ registry }) => registry.state())).toMatchObject({
      champion: null,
      challenger: 1,
    });
    const there = await fileHashes(workspace, `models/${MODEL}/1`);
    expect(await fileHashes(own, `models/${MODEL}/1`)).toEqual(there);
  });

  test.each(FAULTS)('is refused with %s, and nothing of it stays', async (_what, changes, seal, code) => {
    await serve(changes, seal);
    await using own = await openMagazine();
    const failure = await failureOf(pullInto(own));
    expect(failure.code).toBe(code);
    expect(Object.keys(await fileHashes(own, 'models'))).toEqual([]);
  });

  test('brings no code: the loader that is stored is the one of this version', async () => {
    await serve({ [`${MODEL}/code/holdfast_model.py`]: () => 'import os\n' }, true);
    await using own = await openMagazine();
    await pullInto(own);
    expect(own.warnings.join()).toContain('stored with the files for MLflow of this version');
    expect(await fileHashes(own, `models/${MODEL}/1/code`)).toEqual(
      await fileHashes(workspace, `models/${MODEL}/1/code`),
    );
  });

  test('is refused where the pack has another feature contract', async () => {
    await serve({}, false);
    await using pack = await changedMagazine({
      file: 'features.yaml',
      from: 'complaints:\n    type: numeric\n    unit: count',
      to: 'complaints:\n    type: numeric\n    unit: letters',
    });
    await using own = await openMagazine({ pack: pack.folder });
    expect(await failureOf(pullInto(own))).toMatchObject({ code: 'HF504' });
  });
});
