/** `holdfast serve` as a process of its own, over models of the magazine: settings, keys, and how it ends. */
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdfast } from '../cli/holdfast.ts';
import { MAGAZINE_PACK, openMagazine, readerOf, readers } from '../main-job/magazine.ts';
import { postJson } from '../support/http-client.ts';
import type { TestWorkspace } from '../support/workspace.ts';
import { type ServerProcess, startServer } from './server-process.ts';

const READER = { ...readerOf('X1', 4), gift_from: 'an uncle of nobody' };

let workspace: TestWorkspace;

beforeAll(async () => {
  workspace = await openMagazine();
  await workspace.land('readers.csv', readers(600));
  await workspace.run();
});
afterAll(() => workspace[Symbol.asyncDispose]());

const options = (): string[] => ['--workspace', workspace.folder, '--pack', MAGAZINE_PACK];

const start = (
  words: readonly string[] = [],
  environment: Record<string, string> = {},
): Promise<ServerProcess> => startServer([...options(), ...words], environment);

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

describe('holdfast serve', () => {
  it('answers by the models in use, says that it is open, and logs nobody', async () => {
    await using server = await start();
    expect(server.stderr()).toContain('open to everybody on this machine');
    const given = await post(`${server.url}/predict?explain=true`, READER);
    expect(given.status).toBe(200);
    expect(given.body).toMatchObject({ reader_id: 'X1', unseen_categories: ['gift_from'] });
    expect(['HOT', 'WARM', 'COOL']).toContain(given.body['risk_level']);
    const [{ features }] = given.body['contributions'] as [{ features: Record<string, number> }];
    expect(Object.keys(features)).toHaveLength(6);
    const batch = await post(`${server.url}/predict/batch?summary=true&partial=true`, [
      READER,
      { reader_id: 'no' },
    ]);
    expect(batch.body).toMatchObject({
      total_processed: 1,
      errors: [{ index: 1, error: { code: 'HF603' } }],
    });
    const ready = await fetch(`${server.url}/ready`);
    expect(await ready.json()).toEqual({ status: 'ready', models_loaded: 1, lookup: 'loaded' });
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
    const lines = server.stdout().trim().split('\n');
    const requests = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const asked = requests.filter(({ message, route }) => message === 'request' && route !== '/ready');
    expect(asked).toHaveLength(2);
    expect(requests.at(-1)).toMatchObject({ message: 'stopped' });
    expect(server.stdout()).not.toContain('X1');
  });

  it('on SIGTERM is not ready first, finishes what is under way, takes what comes meanwhile, and exits with 0', async () => {
    await using server = await start(['--set', 'serve.drain_seconds=2']);
    const body = JSON.stringify(READER);
    // Connections anew each time: those that are kept are answered somewhat longer.
    const agent = new Agent();
    // A request of which half has come when the signal does.
    const socket = connect(server.port, '127.0.0.1');
    let answer = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    const closed = new Promise((resolve) => socket.on('close', resolve));
    const head = `POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`;
    socket.write(`${head}content-length: ${String(body.length)}\r\n\r\n${body.slice(0, 20)}`);
    await post(`${server.url}/predict`, READER);
    server.kill('SIGTERM');
    await expect.poll(async () => (await fetch(`${server.url}/ready`)).status, { timeout: 2000 }).toBe(503);
    const during = await post(`${server.url}/predict`, READER);
    expect(during.status).toBe(200);
    await expect
      .poll(() => postJson(agent, `${server.url}/predict`, body), { timeout: 10_000 })
      .toEqual({ outcome: 'refused' });
    socket.write(body.slice(20));
    await closed;
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    expect(answer).toContain('"reader_id":"X1"');
    expect(await server.exited).toBe(0);
    expect(server.stdout()).toContain('"message":"stopped"');
  });

  it('looks for newer models on SIGHUP, from the first moment on, and goes on', async () => {
    await using server = await start();
    for (let count = 0; count < 5; count += 1) server.kill('SIGHUP');
    await expect.poll(server.stdout, { timeout: 10_000 }).toContain('"asked_by":"signal"');
    expect((await post(`${server.url}/predict`, READER)).status).toBe(200);
    server.kill('SIGTERM');
    expect(await server.exited).toBe(0);
  });

  it('keeps what became of a reader over a restart, and counts it once', async () => {
    const outcome = { reader_id: 'X1', outcome: 'left', observed_on: '2024-09-14', horizon: '90d' };
    {
      await using server = await start();
      expect((await post(`${server.url}/outcomes`, outcome)).body).toMatchObject({ taken: 1, repeated: 0 });
    }
    await using again = await start();
    expect((await post(`${again.url}/outcomes`, outcome)).body).toMatchObject({ taken: 0, repeated: 1 });
    const wrong = await post(`${again.url}/outcomes`, { ...outcome, horizon: '30d' });
    expect(wrong.body).toMatchObject({
      error: { field: 'horizon', hint: expect.stringContaining('"90d"') as string },
    });
  });

  it('reads the variables that containers give it, after its own and its flags', async () => {
    const environment = {
      MAX_BATCH_SIZE: '2',
      HOT_THRESHOLD: '0.9',
      WARM_THRESHOLD: '0.8',
      HOLDFAST_TIERS_THRESHOLDS_WARM: '0.7',
      ALLOWED_ORIGINS: 'http://desk.example',
      SOME_THRESHOLD: 'of something else',
    };
    await using server = await start([], environment);
    const batch = await post(`${server.url}/predict/batch`, [READER, READER, READER]);
    expect(batch.status).toBe(413);
    const info = (await (await fetch(`${server.url}/model/info`)).json()) as { thresholds: object };
    expect(info.thresholds).toMatchObject({
      ladder: [
        { name: 'HOT', threshold: 0.9 },
        { name: 'WARM', threshold: 0.7 },
      ],
    });
    const page = await fetch(`${server.url}/health`, { headers: { origin: 'http://desk.example' } });
    expect(page.headers.get('access-control-allow-origin')).toBe('http://desk.example');
  });

  it('refuses to listen for others without keys, and a port that is taken', async () => {
    await using open = await start(['--host', '0.0.0.0']);
    expect(await open.exited).toBe(2);
    expect(open.stderr()).toContain('error[HF103]');
    expect(open.stderr()).toContain('holdfast keys create');
    await using first = await start();
    await using second = await start(['--port', String(first.port)]);
    expect(await second.exited).toBe(2);
    expect(second.stderr()).toContain('something listens there already');
  });

  it('without a model set is alive and not ready, and says why', async () => {
    await using empty = await openMagazine();
    await using server = await start(['--workspace', empty.folder]);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    const ready = await fetch(`${server.url}/ready`);
    expect(ready.status).toBe(503);
    expect(JSON.stringify(await ready.json())).toContain('no model set is in use');
    expect(server.stderr()).toContain('Not ready');
  });
});

describe('holdfast keys', () => {
  it('makes a key that a server takes while it runs, lists it, and ends it', async () => {
    await using server = await start();
    const made = await holdfast([
      'keys',
      'create',
      '--role',
      'agent',
      '--name',
      'desk',
      ...options(),
      '--json',
    ]);
    expect(made.exitCode).toBe(0);
    const { key, id } = JSON.parse(made.stdout) as { key: string; id: string };
    const status = async (headers: Record<string, string> = {}) =>
      (await post(`${server.url}/predict`, READER, headers)).status;
    await expect.poll(() => status(), { timeout: 10_000 }).toBe(401);
    expect(await status({ 'x-api-key': key })).toBe(200);
    const listed = await holdfast(['keys', 'list', ...options()]);
    expect(listed.stdout).toMatch(new RegExp(`${id} +agent +desk +valid`));
    expect(listed.stdout).not.toContain(key);
    const revoked = await holdfast(['keys', 'revoke', id, ...options()]);
    expect(revoked.exitCode).toBe(0);
    await expect.poll(() => status({ 'x-api-key': key }), { timeout: 10_000 }).toBe(401);
  });

  it.each([
    [['create', '--role', 'boss'], 'boss'],
    [['create'], '--role'],
    [['create', '--role', 'agent', '--expires', 'soon'], '--expires takes days'],
    [['create', '--role', 'agent', '--expires', '2020-01-01'], 'a date to come'],
    [['revoke', 'ffffffffffff'], 'there is no key'],
  ])('%j is refused in words', async (words, message) => {
    const { exitCode, stderr } = await holdfast(['keys', ...words, ...options()]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});
