/** `mlflow models serve` answers from a set's folder: over HTTP, with the example that lies in it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LoadedSet, writeSetFolder } from '../../src/model/index.ts';
import { setInUse } from '../support/set-in-use.ts';
import { openMagazine, readers } from '../main-job/magazine.ts';

const PROGRAMS = path.join(
  import.meta.dirname,
  `../../.venv-mlflow/${process.platform === 'win32' ? 'Scripts' : 'bin'}`,
);
const hasMlflow = existsSync(path.join(PROGRAMS, process.platform === 'win32' ? 'mlflow.exe' : 'mlflow'));
const SKIPPED = hasMlflow ? '' : ' (skipped: there is no .venv-mlflow, see `npm run test:services`)';

let folder = '';
let address = '';
let set: LoadedSet;
let server: ChildProcess | undefined;

beforeAll(async () => {
  if (!hasMlflow) return;
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-serving-'));
  await using workspace = await openMagazine();
  await workspace.land('readers.csv', readers(400));
  await workspace.run();
  const models = path.join(workspace.folder, 'models');
  const loaded = await setInUse(models);
  if (loaded === undefined) throw new Error('there is no set');
  set = loaded;
  await writeSetFolder(path.join(folder, 'set'), models, set);
  const port = await freePort();
  address = `http://127.0.0.1:${String(port)}`;
  server = serve(path.join(folder, 'set'), port);
  await answering(`${address}/ping`, server);
});
afterAll(async () => {
  // The command starts the server as a child of its own.
  if (server?.pid !== undefined && server.exitCode === null) process.kill(-server.pid, 'SIGKILL');
  if (folder !== '') await rm(folder, { recursive: true, force: true });
});

function serve(model: string, port: number): ChildProcess {
  return spawn(
    path.join(PROGRAMS, 'mlflow'),
    ['models', 'serve', '-m', model, '-h', '127.0.0.1', '-p', String(port), '--env-manager', 'local'],
    {
      detached: true,
      stdio: 'ignore',
      cwd: folder,
      env: {
        ...process.env,
        PATH: `${PROGRAMS}${path.delimiter}${process.env['PATH'] ?? ''}`,
        MLFLOW_DISABLE_TELEMETRY: 'true',
      },
    },
  );
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const found = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (found === null || typeof found === 'string') throw new Error('there is no free port');
  return found.port;
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error('the server has ended');
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

async function ask(body: string): Promise<{ readonly status: number; readonly text: string }> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${address}/invocations`, { method: 'POST', headers, body });
  return { status: answer.status, text: await answer.text() };
}

const predictionsOf = (text: string): Record<string, number>[] =>
  (JSON.parse(text) as { predictions: Record<string, number>[] }).predictions;

describe(`a served set${SKIPPED}`, () => {
  test.skipIf(!hasMlflow)('says of the example what the models said in training', async () => {
    const { status, text } = await ask(
      await readFile(path.join(folder, 'set/serving_input_example.json'), 'utf8'),
    );
    expect(status).toBe(200);
    const [model] = set.models;
    const samples = model?.samples.slice(0, 5) ?? [];
    const predictions = predictionsOf(text);
    expect(predictions.map((row) => row['raw_score_90d'])).toEqual(samples.map(({ raw }) => raw));
    for (const [index, { probability }] of samples.entries())
      expect(predictions[index]?.['probability_90d']).toBeCloseTo(probability ?? Number.NaN, 12);
  });

  test.skipIf(!hasMlflow)('takes missing values, and refuses a row that lacks a feature', async () => {
    const reader = {
      ...{ title: 'Chess', months_subscribed: null, copies_returned: 1, complaints: 3 },
      ...{ monthly_price: null, gift_from: null },
    };
    const whole = await ask(JSON.stringify({ dataframe_records: [reader] }));
    expect(whole.status).toBe(200);
    expect(predictionsOf(whole.text)[0]?.['probability_90d']).toBeGreaterThan(0);
    const { complaints, ...rest } = reader;
    const lacking = await ask(JSON.stringify({ dataframe_records: [rest] }));
    expect([complaints, lacking.status]).toEqual([3, 400]);
    expect(lacking.text).toContain('complaints');
  });
});
