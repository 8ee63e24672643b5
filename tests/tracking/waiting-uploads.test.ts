/** What a command does whose MLflow server is not there, or does not want what it is told. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openUploadQueue } from '../../src/tracking/index.ts';
import { archive, pushModels } from '../../src/workflow/index.ts';
import { copyOf, failureOf } from '../main-job/lake-state.ts';
import { MAGAZINE_PACK, openMagazine, readers } from '../main-job/magazine.ts';
import type { TestWorkspace } from '../support/workspace.ts';

let workspace: TestWorkspace;
/** An address where nobody listens any more. */
let nowhere: { readonly 'mlflow.uri': string };
beforeAll(async () => {
  {
    await using server = await answering(200);
    nowhere = { 'mlflow.uri': server.uri.replace('//', '//ana:hunter2@') };
  }
  workspace = await openMagazine();
  await workspace.land('readers.csv', readers(400));
  await workspace.run({ to: 'build' });
});
afterAll(() => workspace[Symbol.asyncDispose]());

const copyWith = (settings: Readonly<Record<string, string>>): Promise<TestWorkspace> =>
  copyOf(workspace, { pack: MAGAZINE_PACK, settings });

const pending = async (of: TestWorkspace): Promise<string[]> =>
  (await openUploadQueue(path.join(of.folder, 'state')).pending()).map(({ kind }) => kind);

/** A server that gives every request the same answer. */
async function answering(status: number): Promise<AsyncDisposable & { readonly uri: string; asked: number }> {
  const server: Server = createServer((request, response) => {
    opened.asked++;
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error_code: 'SOMETHING', message: 'not so' }));
  });
  const opened = {
    uri: '',
    asked: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  opened.uri = `http://127.0.0.1:${String(address.port)}`;
  return opened;
}

describe('a training whose MLflow server cannot be reached', () => {
  test('ends well, says so, and leaves run and aliases waiting without a secret', async () => {
    await using own = await copyWith(nowhere);
    const { steps } = await own.run({ from: 'train', to: 'promote' });
    expect(steps.map(({ step }) => step)).toEqual(['train', 'promote']);
    expect(await own.withContext(({ registry }) => registry.state())).toMatchObject({ champion: 1 });
    expect(await pending(own)).toEqual(['run', 'registry', 'registry']);
    const said = own.warnings.filter((text) => text.includes('uploads.jsonl'));
    expect(said.map((text) => /(\d+) uploads wait/.exec(text)?.[1])).toEqual(['2', '3']);
    expect(said[0]).toMatch(/http:\/\/127\.0\.0\.1:\d+ cannot be reached/);
    expect(own.warnings.join()).not.toContain('hunter2');
    expect(await readFile(path.join(own.folder, 'state/uploads.jsonl'), 'utf8')).not.toContain('hunter2');
  });

  test('is what a push alone takes for a failure, and what waits goes on waiting', async () => {
    await using own = await copyWith(nowhere);
    await own.run({ from: 'train', to: 'promote' });
    expect(await failureOf(own.withContext((context) => pushModels(context, 1)))).toMatchObject({
      code: 'HF701',
      exitCode: 1,
    });
    expect(await pending(own)).toHaveLength(3);
  });
});

describe('a server that answers', () => {
  test('that these credentials may not write is asked again by the next command', async () => {
    await using server = await answering(403);
    await using own = await copyWith({ 'mlflow.uri': server.uri });
    await own.run({ from: 'train', to: 'train' });
    expect(await pending(own)).toEqual(['run', 'registry']);
    expect(own.warnings.join()).toContain('refused the request (403: not so); 2 uploads wait');
    const { asked } = server;
    await own.withContext((context) => archive(context, 1, { why: 'a test' }));
    expect(server.asked).toBeGreaterThan(asked);
    expect(await pending(own)).toEqual(['run', 'registry', 'registry']);
  });

  test('that it does not accept something is told once and not asked for ever', async () => {
    await using server = await answering(400);
    await using own = await copyWith({ 'mlflow.uri': server.uri });
    await own.run({ from: 'train', to: 'train' });
    expect(await pending(own)).toEqual([]);
    const said = own.warnings.filter((text) => text.includes('given up'));
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(/^run of set 1: .*did not accept the request \(400: not so\)/);
    expect(await failureOf(own.withContext((context) => pushModels(context, 1)))).toMatchObject({
      code: 'HF703',
    });
  });
});

describe('without a server', () => {
  test('nothing waits for one, and a push names the setting', async () => {
    await using own = await copyWith({});
    await own.run({ from: 'train', to: 'promote' });
    await expect(readFile(path.join(own.folder, 'state/uploads.jsonl'))).rejects.toThrow('ENOENT');
    expect(await failureOf(own.withContext((context) => pushModels(context, 1)))).toMatchObject({
      code: 'HF103',
      place: { field: 'mlflow.uri' },
    });
  });
});
