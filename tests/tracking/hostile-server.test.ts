/** The client against a peer that lies, dawdles, floods or leads elsewhere. The peer is not one of ours. */
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HoldfastError } from '../../src/kernel/index.ts';
import { isUnavailable, type Mlflow, openMlflow } from '../../src/tracking/index.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let folder: string;
let servers: Server[];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-hostile-'));
  servers = [];
});
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await rm(folder, { recursive: true, force: true });
});

async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return `127.0.0.1:${String(address.port)}`;
}

const json = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** A server with one run whose artifacts are what `list` and `file` say. */
const artifactServer =
  (list: unknown, file: Handler): Handler =>
  (request, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    if (url.pathname.endsWith('/runs/get'))
      json(response, {
        run: { info: { run_id: 'r', status: 'FINISHED', artifact_uri: 'mlflow-artifacts:/0/r' } },
      });
    else if (url.pathname.endsWith('/artifacts')) json(response, { files: list });
    else file(request, response);
  };

async function failure(work: Promise<unknown>): Promise<HoldfastError> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof HoldfastError) return error;
  throw new Error('nothing was refused', { cause: error });
}

const download = (mlflow: Mlflow): Promise<unknown> =>
  mlflow.downloadFolder('r', 'model', path.join(folder, 'inner', 'model'), { bytes: 100_000, entries: 20 });

describe('a download', () => {
  it.each([
    ['climbs out', [{ path: '../../x', is_dir: false, file_size: 1 }]],
    ['climbs out as a folder', [{ path: '..', is_dir: true }]],
    ['is absolute', [{ path: '/tmp/x', is_dir: false }]],
    ['is absolute on Windows', [{ path: 'C:\\x', is_dir: false }]],
    ['climbs out where it is decoded', [{ path: '..%2fx', is_dir: false }]],
    ['holds a zero byte', [{ path: 'x\0y', is_dir: false }]],
    ['is empty', [{ path: '', is_dir: true }]],
    ['is said to be larger than may be', [{ path: 'x', is_dir: false, file_size: 200_000 }]],
    ['is one of too many', Array.from({ length: 21 }, (_, n) => ({ path: `x${String(n)}`, is_dir: true }))],
    ['is a folder within itself without end', [{ path: 'x', is_dir: true }]],
  ])('leaves nothing on the disk where a name %s', async (_, list) => {
    const uri = await serve(artifactServer(list, (_request, response) => response.end('content')));
    const error = await failure(download(openMlflow({ uri: `http://${uri}` })));
    expect(error.code).toBe('HF703');
    expect(await readdir(path.join(folder, 'inner'))).toEqual([]);
  });

  it('ends at its limit where the body does not', async () => {
    const list = [{ path: 'x', is_dir: false, file_size: '5' }];
    const uri = await serve(
      artifactServer(list, (_request, response) => {
        const more = (): void => {
          while (response.writable && response.write(Buffer.alloc(16_384)));
        };
        response.on('drain', more);
        more();
      }),
    );
    const error = await failure(download(openMlflow({ uri: `http://${uri}` })));
    expect(error).toMatchObject({ code: 'HF703', message: expect.stringContaining('more bytes') as string });
    expect(await readdir(path.join(folder, 'inner'))).toEqual([]);
  });

  it('is given up where the body trickles', async () => {
    const list = [{ path: 'x', is_dir: false, file_size: 5 }];
    const uri = await serve(
      artifactServer(list, (_request, response) => {
        const timer = setInterval(() => response.write('x'), 20);
        response.on('close', () => {
          clearInterval(timer);
        });
      }),
    );
    const error = await failure(download(openMlflow({ uri: `http://${uri}`, timeoutMs: 300 })));
    expect(isUnavailable(error)).toBe(true);
    expect(error.message).toMatch(/within 0\.3 s/);
  });
});

describe('an answer', () => {
  it('that does not come is given up, once', async () => {
    let requests = 0;
    const uri = await serve(() => requests++);
    const error = await failure(openMlflow({ uri: `http://${uri}`, timeoutMs: 200 }).ensureModel('x'));
    expect(isUnavailable(error)).toBe(true);
    expect(requests).toBe(1);
  });

  it('that never ends is no answer', async () => {
    const uri = await serve((_request, response) => {
      const more = (): void => {
        while (response.writable && response.write(' '.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    expect(await failure(openMlflow({ uri: `http://${uri}` }).versionByAlias('x', 'y'))).toMatchObject({
      code: 'HF703',
    });
  });

  it.each([
    ['is no JSON', '<html>'],
    ['lacks what was asked for', '{"model_version": {"name": "x"}}'],
    ['has a version that is none', '{"model_version": {"name": "x", "version": "../1"}}'],
  ])('is refused where it %s', async (_, body) => {
    const uri = await serve((_request, response) => response.end(body));
    expect(await failure(openMlflow({ uri: `http://${uri}` }).versionByAlias('x', 'y'))).toMatchObject({
      code: 'HF703',
    });
  });

  it('is waited for no longer than the caller does', async () => {
    const interruption = new AbortController();
    const uri = await serve(() => {
      interruption.abort();
    });
    const mlflow = openMlflow({ uri: `http://${uri}`, signal: interruption.signal });
    expect((await failure(mlflow.ensureModel('x'))).code).toBe('HF930');
    expect((await failure(mlflow.ensureModel('x'))).code).toBe('HF930');
  });

  it.each([500, 502, 503, 429])('of status %i is asked for three times and may be queued', async (status) => {
    let requests = 0;
    const uri = await serve((_request, response) => {
      requests++;
      json(response, { error_code: 'X', message: 'too busy' }, status);
    });
    const error = await failure(openMlflow({ uri: `http://${uri}` }).ensureModel('x'));
    expect(isUnavailable(error)).toBe(true);
    expect(error.message).toContain(`${String(status)}: too busy`);
    expect(requests).toBe(3);
  });

  it('that breaks off is asked for again, and only what was not made is made', async () => {
    const made: string[] = [];
    const uri = await serve((request, response) => {
      const url = request.url ?? '';
      if (url.includes('search'))
        json(response, {
          model_versions: made.map(() => ({ name: 'm', version: 1, run_id: 'r', source: 'runs:/r/model' })),
        });
      else {
        made.push(url);
        request.socket.destroy();
      }
    });
    const mlflow = openMlflow({ uri: `http://${uri}` });
    const created = await mlflow.createVersion({
      name: 'm',
      runId: 'r',
      artifactPath: 'model',
      contentHash: 'hash',
    });
    expect(created).toMatchObject({ isNew: false, version: { version: 1 } });
    expect(made).toHaveLength(1);
  });

  it('that steers terminals is shown as plain text', async () => {
    const uri = await serve((_request, response) => {
      json(response, { error_code: 'X', message: `\u001b[2Jgone\n${'x'.repeat(5000)}` }, 400);
    });
    const { message } = await failure(openMlflow({ uri: `http://${uri}` }).ensureModel('x'));
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(message.length).toBeLessThan(500);
  });
});

describe('credentials', () => {
  it('go to the server, as a token or as user and password, and nowhere else', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = await serve((request, response) => {
      seen.push(`elsewhere ${String(request.headers.authorization)}`);
      response.end('{}');
    });
    const uri = await serve((request, response) => {
      seen.push(request.headers.authorization);
      response.writeHead(307, { location: `http://${elsewhere}/api` }).end();
    });
    const options = [
      { uri: `http://${uri}/`, token: 't0ken' },
      { uri: `http://us%40er:pa%3Ass@${uri}` },
      { uri: `http://${uri}`, credentials: 'us@er:pa:ss' },
    ];
    for (const option of options) {
      const error = await failure(openMlflow(option).ensureModel('x'));
      expect(error).toMatchObject({ code: 'HF703', message: expect.stringContaining(elsewhere) as string });
    }
    const basic = `Basic ${Buffer.from('us@er:pa:ss').toString('base64')}`;
    expect(seen).toEqual(['Bearer t0ken', basic, basic]);
  });

  it('are in no message, even where the server sends them back', async () => {
    const uri = await serve((request, response) => {
      const said = [request.headers.authorization, 's3cret', 'hush'].join(' ');
      json(response, { error_code: 'PERMISSION_DENIED', message: said }, 403);
    });
    for (const option of [{ uri: `http://${uri}`, token: 's3cret' }, { uri: `http://me:hush@${uri}` }]) {
      const mlflow = openMlflow(option);
      const error = await failure(mlflow.ensureModel('x'));
      expect(error.code).toBe('HF702');
      expect(error.hint).toContain('HOLDFAST_MLFLOW_TOKEN');
      const secret = 'token' in option ? /s3cret/ : /hush|bWU6aHVzaA/;
      for (const shown of [error.message, error.stack ?? '', mlflow.address])
        expect(shown).not.toMatch(secret);
    }
  });

  it('and addresses that cannot be used are refused before anything is sent', () => {
    const refused = (options: { uri: string; token?: string }): unknown => {
      try {
        openMlflow(options);
        return undefined;
      } catch (error) {
        return error;
      }
    };
    expect(refused({ uri: 'ftp://me:hush@x' })).toMatchObject({ code: 'HF103' });
    expect(refused({ uri: 'me:hush' })).toMatchObject({ code: 'HF103' });
    expect(refused({ uri: 'http://x', token: 'two\nlines' })).toMatchObject({
      code: 'HF103',
      message: expect.not.stringContaining('lines') as string,
    });
  });

  it('are not asked for by a server that minds its own name', async () => {
    const uri = await serve((_request, response) => {
      response.writeHead(403).end('Invalid Host header - possible DNS rebinding attack detected');
    });
    const error = await failure(openMlflow({ uri: `http://${uri}` }).ensureModel('x'));
    expect(error).toMatchObject({
      code: 'HF702',
      hint: expect.stringContaining('--allowed-hosts') as string,
    });
  });
});

describe('an upload', () => {
  it('is refused where the server does not pass artifacts on', async () => {
    const uri = await serve((_request, response) => {
      json(response, { run: { info: { run_id: 'r', status: 'RUNNING', artifact_uri: 's3://bucket/r' } } });
    });
    await writeFile(path.join(folder, 'x'), 'x');
    const error = await failure(openMlflow({ uri: `http://${uri}` }).uploadFolder('r', 'model', folder));
    expect(error).toMatchObject({
      code: 'HF703',
      hint: expect.stringContaining('--artifacts-destination') as string,
    });
  });

  it('comes with its length, and whole again at the next try', async () => {
    const received: { length: string | undefined; size: number }[] = [];
    const content = Buffer.alloc(700_000, 7);
    await writeFile(path.join(folder, 'x'), content);
    const uri = await serve((request, response) => {
      if (request.method === 'GET') {
        json(response, {
          run: { info: { run_id: 'r', status: 'RUNNING', artifact_uri: 'mlflow-artifacts:/r' } },
        });
        return;
      }
      let size = 0;
      request.on('data', (chunk: Buffer) => (size += chunk.length));
      request.on('end', () => {
        received.push({ length: request.headers['content-length'], size });
        json(response, {}, received.length === 1 ? 503 : 200);
      });
    });
    const transfer = await openMlflow({ uri: `http://${uri}` }).uploadFolder('r', 'model', folder);
    expect(transfer).toEqual({ files: 1, bytes: 700_000 });
    expect(received).toEqual(Array(2).fill({ length: '700000', size: 700_000 }));
  });
});
