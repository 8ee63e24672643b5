/** The client against a real server, read back by MLflow's own Python client. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isUnavailable, type Mlflow, openMlflow, type TrackedRun } from '../../src/tracking/index.ts';
import { hasMlflow, type MlflowServer, openMlflowServer } from './mlflow-server.ts';

const run = (more: Partial<TrackedRun> = {}): TrackedRun => ({
  experiment: 'holdfast test',
  runName: 'first',
  params: {},
  metrics: [],
  tags: {},
  startedAt: new Date('2024-05-01T10:00:00.000Z'),
  endedAt: new Date('2024-05-01T10:05:00.250Z'),
  status: 'finished',
  artifacts: [],
  ...more,
});

/** Every file below a folder with its bytes. */
async function contentOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const contents = await Promise.all(
    files.map(async (file) => [path.relative(folder, file), await readFile(file, 'base64')] as const),
  );
  return Object.fromEntries(contents.sort());
}

describe.skipIf(!hasMlflow)('the MLflow client, where MLflow is installed,', () => {
  let server: MlflowServer;
  let mlflow: Mlflow;
  let modelFolder: string;
  let predictions: unknown;

  beforeAll(async () => {
    server = await openMlflowServer();
    mlflow = openMlflow({ uri: server.uri });
    modelFolder = path.join(server.folder, 'model');
    predictions = server.python('tiny_model.py', modelFolder);
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('logs a run that the Python client reads back', async () => {
    const file = path.join(server.folder, 'report.html');
    await writeFile(file, '<p>report</p>'.repeat(100_000));
    const params = Object.fromEntries(
      Array.from({ length: 230 }, (_, n) => [`parameter ${String(n)}`, n % 2 === 0 ? n / 3 : n % 3 === 0]),
    );
    const metrics = Array.from({ length: 2300 }, (_, step) => ({
      name: 'loss',
      value: 1 / (step + 1),
      step,
    }));
    const logged = await mlflow.logRun(
      run({
        params: { ...params, 'learner=lightgbm, seed': 'x'.repeat(7000), größe: 'ä' },
        metrics: [...metrics, { name: 'auc-pr/30 days/test', value: 0.8125 }, { name: 'brier', value: NaN }],
        tags: { pack: 'broadband', 'holdfast.note': '“quoted” \n' },
        artifacts: [
          { path: 'plots/gain 30.svg', content: '<svg/>' },
          { path: 'plots/empty.bin', content: new Uint8Array() },
          { path: 'report.html', file },
        ],
      }),
    );
    expect(logged.isNew).toBe(true);
    expect([...logged.notes].sort()).toEqual([
      'metric brier is left out where it is not a number',
      'param learner=lightgbm, seed is called learner_lightgbm_ seed on the tracking server',
      'the value of param learner=lightgbm, seed is cut: the tracking server takes no longer one',
    ]);
    const seen = server.python('read_back.py', logged.runId) as {
      params: Record<string, string>;
      curve: [number, number][];
    };
    expect(seen).toMatchObject({
      experiment: 'holdfast test',
      name: 'first',
      status: 'FINISHED',
      started: Date.parse('2024-05-01T10:00:00.000Z'),
      ended: Date.parse('2024-05-01T10:05:00.250Z'),
      metrics: { 'auc-pr/30 days/test': 0.8125, loss: 1 / 2300 },
      tags: { pack: 'broadband', 'holdfast.note': '“quoted” \n' },
      files: ['plots/empty.bin', 'plots/gain 30.svg', 'report.html'],
    });
    expect(Object.keys(seen.params)).toHaveLength(232);
    expect(seen.params).toMatchObject({ 'parameter 4': String(4 / 3), 'parameter 3': 'true', größe: 'ä' });
    expect(seen.params['learner_lightgbm_ seed']).toHaveLength(6000);
    expect(seen.curve).toEqual(metrics.map(({ step, value }) => [step, value]));

    const folder = path.join(server.folder, 'run files');
    await mlflow.downloadFolder(logged.runId, '', folder, { bytes: 2_000_000 });
    expect(await readFile(path.join(folder, 'report.html'), 'utf8')).toBe(await readFile(file, 'utf8'));
    const plots = await mlflow.downloadFolder(logged.runId, 'plots', path.join(server.folder, 'plots'), {
      bytes: 6,
    });
    expect(plots).toEqual({ files: 2, bytes: 6 });
  });

  it('logs the same run once, also where the first attempt was cut off', async () => {
    const missing = path.join(server.folder, 'late.txt');
    const wanted = run({
      runName: 'again',
      contentHash: "hash of 'again'",
      params: { rounds: 10 },
      metrics: [{ name: 'loss', value: 0.5 }],
      artifacts: [{ path: 'late.txt', file: missing }],
    });
    await expect(mlflow.logRun(wanted)).rejects.toMatchObject({ code: 'HF108', place: { file: missing } });
    await writeFile(missing, 'late');
    const first = await mlflow.logRun(wanted);
    expect(first.isNew).toBe(true);
    expect(await mlflow.logRun(wanted)).toEqual({ runId: first.runId, isNew: false, notes: [] });
    expect(server.python('read_back.py', first.runId)).toMatchObject({
      status: 'FINISHED',
      curve: [[0, 0.5]],
      files: ['late.txt'],
    });
    const failed = await mlflow.logRun(run({ runName: 'other', status: 'failed' }));
    expect(failed.runId).not.toBe(first.runId);
    expect(server.python('read_back.py', failed.runId)).toMatchObject({ status: 'FAILED' });
  });

  it('registers a version that MLflow loads by its alias, and gives its files back byte by byte', async () => {
    const { runId } = await mlflow.logRun(run({ runName: 'model' }));
    const uploaded = await mlflow.uploadFolder(runId, 'sets/model', modelFolder);
    expect(uploaded.files).toBe(4);
    const name = "churn 30's";
    await mlflow.ensureModel(name, 'leaves within 30 days');
    await mlflow.ensureModel(name, 'said again');
    const wanted = {
      name,
      runId,
      artifactPath: 'sets/model',
      contentHash: 'c0ffee',
      tags: { pack: 'broadband' },
      description: 'the first',
    };
    expect(await mlflow.findVersion(name, 'c0ffee')).toBeUndefined();
    const { version, isNew } = await mlflow.createVersion(wanted);
    expect(isNew).toBe(true);
    expect(version).toMatchObject({ name, version: 1, runId, description: 'the first' });
    expect(await mlflow.createVersion({ ...wanted, description: 'the same' })).toMatchObject({
      isNew: false,
      version: { version: 1, tags: { 'holdfast.content_hash': 'c0ffee' } },
    });
    const second = await mlflow.createVersion({ ...wanted, contentHash: 'other' });
    expect(second).toMatchObject({ isNew: true, version: { version: 2 } });

    expect(await mlflow.versionByAlias(name, 'champion')).toBeUndefined();
    expect(await mlflow.versionByAlias('no such model', 'champion')).toBeUndefined();
    await mlflow.setAlias(name, 'champion', 2);
    await mlflow.setAlias(name, 'champion', 1);
    await mlflow.setAlias(name, 'challenger', 2);
    await mlflow.deleteAlias(name, 'challenger');
    await mlflow.deleteAlias(name, 'challenger');
    expect(await mlflow.versionByAlias(name, 'challenger')).toBeUndefined();
    await mlflow.transitionStage(name, 2, 'production', true);
    await mlflow.transitionStage(name, 1, 'production', true);
    await mlflow.setVersionTags(name, 1, { gate: 'passed' });
    const champion = await mlflow.versionByAlias(name, 'champion');
    expect(champion).toMatchObject({
      version: 1,
      stage: 'production',
      aliases: ['champion'],
      tags: { pack: 'broadband', gate: 'passed' },
    });
    expect(await mlflow.findVersion(name, 'other')).toMatchObject({ version: 2, stage: 'archived' });
    expect(server.python('load_by_alias.py', name, 'champion')).toMatchObject({
      predictions,
      version: 1,
      stage: 'Production',
      description: 'the first',
    });

    const folder = path.join(server.folder, 'pulled', 'model');
    await mkdir(folder, { recursive: true });
    const pulled = await mlflow.downloadVersion({ name, version: 1 }, folder, { bytes: uploaded.bytes });
    expect(pulled).toEqual(uploaded);
    expect(await contentOf(folder)).toEqual(await contentOf(modelFolder));
    await expect(
      mlflow.downloadVersion({ name, version: 1 }, folder, { bytes: uploaded.bytes }),
    ).rejects.toMatchObject({ code: 'HF108' });
    const less = path.join(server.folder, 'pulled', 'less');
    await expect(
      mlflow.downloadVersion({ name, version: 1 }, less, { bytes: uploaded.bytes - 1 }),
    ).rejects.toMatchObject({ code: 'HF703' });
    expect(await readdir(path.dirname(less))).toEqual(['model']);
  });

  it("says what the server does not take in the server's own words, and does not queue it", async () => {
    const refused = await mlflow.ensureModel('a/b').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'HF703', message: expect.stringContaining("'a/b'") as string });
    expect(isUnavailable(refused)).toBe(false);
    const attic = await mlflow.logRun(run({ experiment: 'attic' }));
    server.python('delete_experiment.py', attic.runId);
    await expect(mlflow.logRun(run({ experiment: 'attic' }))).rejects.toMatchObject({
      code: 'HF703',
      message: expect.stringContaining('attic was deleted') as string,
    });
    await expect(mlflow.uploadFolder('0'.repeat(32), 'model', modelFolder)).rejects.toMatchObject({
      code: 'HF703',
    });
    await expect(
      mlflow.downloadFolder((await mlflow.logRun(run())).runId, 'nothing', path.join(server.folder, 'x'), {
        bytes: 1,
      }),
    ).rejects.toMatchObject({ code: 'HF703', message: expect.stringContaining('no files') as string });
  });

  it('tells a server that is gone from one that refuses, and goes on when it is back', async () => {
    await server.stop();
    const gone = await mlflow.logRun(run({ runName: 'while it was gone' })).catch((error: unknown) => error);
    expect(gone).toMatchObject({ code: 'HF701', message: expect.stringContaining(server.uri) as string });
    expect(isUnavailable(gone)).toBe(true);
    await server.start();
    expect(await mlflow.logRun(run({ runName: 'while it was gone' }))).toMatchObject({ isNew: true });
    expect(await mlflow.versionByAlias("churn 30's", 'champion')).toMatchObject({ version: 1 });
  });
});
