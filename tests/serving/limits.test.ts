/** What a server does not let itself be led to: wait, swallow, or promise more than it can do. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDoor, openLine, type Door } from './door.ts';
import { formulaService, type FormulaService } from './formula-service.ts';
import { LLD_REQUEST } from './lld.ts';

let service: FormulaService;

beforeAll(async () => {
  service = await formulaService({ pack: 'packs/broadband', horizons: [30, 60, 90] });
});

const JSON_HEADERS = { 'content-type': 'application/json', host: 'localhost' };

async function predict(door: Door, headers: Record<string, string> = {}, body: unknown = LLD_REQUEST) {
  const url = Array.isArray(body) ? '/predict/batch' : '/predict';
  const payload = JSON.stringify(body);
  const answer = await door.app.inject({
    method: 'POST',
    url,
    payload,
    headers: { ...JSON_HEADERS, ...headers },
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<Record<string, unknown>>() };
}

describe('a sender that is too slow', () => {
  let door: Door;
  let port: number;

  beforeAll(async () => {
    door = await openDoor(service, { headersSeconds: 1, requestSeconds: 2, idleSeconds: 1 });
    port = await door.listen();
  });
  afterAll(() => door[Symbol.asyncDispose]());

  /** Sends a text a character at a time until the other end closes; gives what came back. */
  async function trickle(begin: string, more: string): Promise<string> {
    using line = await openLine(port);
    line.socket.write(begin);
    const timer = setInterval(() => {
      if (line.socket.writable) line.socket.write(more);
    }, 100);
    await line.closed;
    clearInterval(timer);
    return line.received();
  }

  it('of headers is cut off and told so', async () => {
    const answer = await trickle('POST /predict HTTP/1.1\r\nhost: localhost\r\nx: ', 'y');
    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(answer).toContain('"code":"HF620"');
  });

  it('of a body is cut off, with a length or in chunks', async () => {
    const head = 'POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';
    expect(await trickle(`${head}content-length: 90000\r\n\r\n{`, ' ')).toMatch(/^HTTP\/1.1 408 /);
    expect(await trickle(`${head}transfer-encoding: chunked\r\n\r\n`, '1\r\n \r\n')).toMatch(
      /^HTTP\/1.1 408 /,
    );
  });

  it('of nothing at all is cut off, before and after a request', async () => {
    using silent = await openLine(port);
    await silent.closed;
    using idle = await openLine(port);
    idle.socket.write('GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n');
    await idle.closed;
    expect(idle.received()).toMatch(/^HTTP\/1.1 200 /);
  });
});

describe('a body that is too large', () => {
  it('is refused by its length before it is read, and in chunks at the limit, without filling the memory', async () => {
    await using door = await openDoor(service, { bodyBytes: 100_000 });
    const port = await door.listen();
    const head = 'POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n';
    using byLength = await openLine(port);
    byLength.socket.write(`${head}content-length: 1073741824\r\n\r\n`);
    await byLength.closed;
    expect(byLength.received()).toMatch(/^HTTP\/1.1 413 /);
    expect(byLength.received()).toContain('"code":"HF616"');

    using inChunks = await openLine(port);
    const before = process.memoryUsage().rss;
    inChunks.socket.write(`${head}transfer-encoding: chunked\r\n\r\n`);
    const chunk = `10000\r\n${' '.repeat(0x10000)}\r\n`;
    let sent = 0;
    const send = (): void => {
      while (!inChunks.socket.destroyed && inChunks.socket.writable && sent < 1 << 30) {
        sent += 0x10000;
        if (!inChunks.socket.write(chunk)) {
          inChunks.socket.once('drain', send);
          return;
        }
      }
    };
    send();
    await inChunks.closed;
    expect(sent).toBeLessThan(1 << 27);
    expect(process.memoryUsage().rss - before).toBeLessThan(1 << 28);
    expect((await predict(door)).status).toBe(200);
  });
});

describe('idle connections', () => {
  it('by the thousand keep nobody from being answered', async () => {
    await using door = await openDoor(service);
    const port = await door.listen();
    const lines = await Promise.all(Array.from({ length: 2000 }, () => openLine(port)));
    const answer = await fetch(`http://127.0.0.1:${String(port)}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(LLD_REQUEST),
    });
    expect(answer.status).toBe(200);
    expect(lines.filter(({ socket }) => socket.destroyed)).toEqual([]);
    for (const line of lines) line[Symbol.dispose]();
  });

  it('beyond the limit are not taken', async () => {
    await using door = await openDoor(service, { maxConnections: 3 });
    const port = await door.listen();
    const lines = await Promise.all(Array.from({ length: 5 }, () => openLine(port)));
    await Promise.race(lines.map(({ closed }) => closed));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lines.filter(({ socket }) => !socket.destroyed)).toHaveLength(3);
    for (const line of lines) line[Symbol.dispose]();
  });
});

describe('the rate limit', () => {
  it('counts down for each key by itself and says when to come back', async () => {
    await using door = await openDoor(service, { rateLimit: 3 });
    const [one, two] = [await door.key('service'), await door.key('service')];
    for (const left of ['2', '1', '0']) {
      const { status, headers } = await predict(door, { 'x-api-key': one });
      expect(status).toBe(200);
      expect(headers).toMatchObject({ 'ratelimit-limit': '3', 'ratelimit-remaining': left });
      expect(Number(headers['ratelimit-reset'])).toBeGreaterThan(0);
    }
    const { status, headers, body } = await predict(door, { 'x-api-key': one });
    expect(status).toBe(429);
    expect(body).toMatchObject({ error: { code: 'HF618' } });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect((await predict(door, { 'x-api-key': two })).status).toBe(200);
    // Whoever watches the server is not counted.
    for (let count = 0; count < 5; count += 1)
      for (const url of ['/health', '/ready'])
        expect((await door.app.inject({ url })).statusCode, url).toBe(200);
  });
});

describe('pages of other origins', () => {
  it('may read answers where their origin is allowed, and ask first without a key', async () => {
    await using door = await openDoor(service);
    await door.key('service');
    const ask = (origin: string) =>
      door.app.inject({
        method: 'OPTIONS',
        url: '/predict',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,x-api-key',
        },
      });
    for (const origin of ['http://localhost:8501', 'http://churn-dashboard-service:8501']) {
      const { statusCode, headers } = await ask(origin);
      expect(statusCode).toBe(204);
      expect(headers['access-control-allow-origin']).toBe(origin);
      expect(headers['access-control-allow-headers']).toContain('X-API-Key');
    }
    expect((await ask('http://elsewhere.example')).headers['access-control-allow-origin']).toBeUndefined();
    const { headers } = await predict(door, { origin: 'http://localhost:8501' });
    expect(headers['access-control-allow-origin']).toBe('http://localhost:8501');
  });

  it('are told by every answer not to frame, sniff or keep it', async () => {
    await using door = await openDoor(service);
    const { headers } = await predict(door);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(headers['x-powered-by']).toBeUndefined();
  });
});

describe('a server with too much to do', () => {
  it('turns batches away while too many rows wait, and takes them again afterwards', async () => {
    await using door = await openDoor(service, { maxWaitingRows: 10 });
    service.costMs = 5;
    const batch = Array(8).fill(LLD_REQUEST);
    const [first, second] = await Promise.all([predict(door, {}, batch), predict(door, {}, batch)]);
    service.costMs = 0;
    expect([first.status, second.status].sort()).toEqual([200, 503]);
    const refused = first.status === 503 ? first : second;
    expect(refused.body).toMatchObject({ error: { code: 'HF619' } });
    expect(refused.headers['retry-after']).toBe('1');
    expect((await predict(door, {}, batch)).status).toBe(200);
  });

  it('takes a batch that is larger than what may wait where nothing else does', async () => {
    await using door = await openDoor(service, { maxWaitingRows: 2 });
    expect((await predict(door, {}, Array(5).fill(LLD_REQUEST))).status).toBe(200);
  });

  it('turns new requests away while it is behind, still says that it lives, and recovers', async () => {
    await using door = await openDoor(service, { maxDelayMs: 100 });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const until = performance.now() + 600;
    while (performance.now() < until);
    // The timer that measures the delay runs first.
    await new Promise((resolve) => setTimeout(resolve, 1));
    const { status, body } = await predict(door);
    expect(status).toBe(503);
    expect(body).toMatchObject({ error: { code: 'HF619' } });
    // Whoever watches the server is not counted.
    for (let count = 0; count < 5; count += 1)
      for (const url of ['/health', '/ready'])
        expect((await door.app.inject({ url })).statusCode, url).toBe(200);
    await expect.poll(async () => (await predict(door)).status, { timeout: 20_000 }).toBe(200);
  });
});
