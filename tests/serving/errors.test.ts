/** One shape of errors, whatever fails and wherever. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDoor, openLine, type Door } from './door.ts';
import { formulaService, type FormulaService } from './formula-service.ts';
import { LLD_REQUEST } from './lld.ts';

let service: FormulaService;
let door: Door;
let port: number;

beforeAll(async () => {
  service = await formulaService({ pack: 'packs/broadband', horizons: [30, 60, 90] });
  door = await openDoor(service, { bodyBytes: 100_000 });
  port = await door.listen();
});
afterAll(() => door[Symbol.asyncDispose]());

function expectShape(payload: string, code: string): void {
  const { error, ...rest } = JSON.parse(payload) as { error: Record<string, unknown> };
  expect(rest).toEqual({});
  const { code: given, message, hint, field, request_id: requestId, ...more } = error;
  expect(more).toEqual({});
  expect(given).toBe(code);
  expect(message).toMatch(/^\S.*[^.\n]$/);
  expect(hint).toMatch(/\S/);
  expect(['string', 'undefined']).toContain(typeof field);
  expect(requestId).toMatch(/^[\w.-]{8,64}$/);
}

describe('an error', () => {
  it.each([
    ['GET', '/nowhere', {}, 404, 'HF614'],
    ['GET', '/docs/nowhere', {}, 404, 'HF614'],
    ['GET', '/predict/x', {}, 404, 'HF614'],
    ['GET', '/%zz', {}, 404, 'HF614'],
    ['GET', '/predict', {}, 405, 'HF615'],
    ['DELETE', '/predict/batch', {}, 405, 'HF615'],
    ['POST', '/health', { 'content-type': 'application/json' }, 405, 'HF615'],
    ['PUT', '/ready', {}, 405, 'HF615'],
    ['POST', '/metrics', {}, 405, 'HF615'],
    ['PATCH', '/model/info', {}, 405, 'HF615'],
    ['POST', '/predict', { 'content-type': 'text/plain' }, 415, 'HF617'],
    ['POST', '/predict', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'HF617'],
    ['POST', '/predict', { 'content-type': 'application/json; charset=utf-16' }, 415, 'HF617'],
    ['POST', '/predict', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, 415, 'HF617'],
    [
      'POST',
      '/predict/batch',
      { 'content-type': 'application/json', 'content-encoding': 'br' },
      415,
      'HF617',
    ],
    ['POST', '/predict', {}, 415, 'HF617'],
  ] as const)('of %s %s with %j is %i %s in the one shape', async (method, url, headers, status, code) => {
    const {
      statusCode,
      payload,
      headers: answered,
    } = await door.app.inject({
      method,
      url,
      headers: { host: 'localhost', ...headers },
      ...(method === 'POST' ? { payload: '{"a":1}' } : {}),
    });
    expect(statusCode).toBe(status);
    expect(answered['content-type']).toBe('application/json; charset=utf-8');
    expectShape(payload, code);
    if (status === 405) expect(answered.allow).toMatch(/^(GET, HEAD|POST)$/);
  });

  it('that nobody foresaw says nothing of what went wrong, which is in the log', async () => {
    const score = service.score.bind(service);
    service.score = () => {
      throw new Error('secret of the inside');
    };
    const { statusCode, payload } = await door.app.inject({
      method: 'POST',
      url: '/predict',
      payload: JSON.stringify(LLD_REQUEST),
      headers: { 'content-type': 'application/json', host: 'localhost' },
    });
    service.score = score;
    expect(statusCode).toBe(500);
    expectShape(payload, 'HF900');
    expect(payload).not.toContain('secret');
    expect(door.logged.at(-2)?.facts).toMatchObject({ code: 'HF900' });
  });

  it.each([
    ['NONSENSE\r\n\r\n', 400, 'HF610'],
    ['GET / HTTP/1.1\r\nhost: localhost\r\nbad header\r\n\r\n', 400, 'HF610'],
    [`GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`, 431, 'HF621'],
    [`GET /${'y'.repeat(20_000)} HTTP/1.1\r\nhost: localhost\r\n\r\n`, 431, 'HF621'],
    [
      'POST /predict HTTP/1.1\r\nhost: localhost\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n',
      400,
      'HF610',
    ],
  ])('below the routes has the same shape', async (text, status, code) => {
    using line = await openLine(port);
    line.socket.write(text);
    await line.closed;
    const [head = '', payload = ''] = line.received().split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${String(status)} `));
    expectShape(payload, code);
  });
});

describe('the id of a request', () => {
  const idOf = async (id: string) =>
    (await door.app.inject({ url: '/health', headers: { 'x-request-id': id } })).headers['x-request-id'];

  it("is the client's where it is one, and a new one otherwise", async () => {
    expect(await idOf('order-4711.a')).toBe('order-4711.a');
    for (const odd of ['', 'short', 'with blank inside', 'x'.repeat(65), 'a"b\\c{dddd}']) {
      expect(await idOf(odd)).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    }
  });
});

describe('the trace of a request', () => {
  const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const traceOf = async (traceparent?: string) => {
    const { headers } = await door.app.inject({
      url: '/health',
      headers: { ...(traceparent === undefined ? {} : { traceparent, tracestate: 'vendor=1' }) },
    });
    return { parent: String(headers['traceparent']), state: headers['tracestate'] };
  };

  it('goes on under a part of its own, and is in the log', async () => {
    const { parent: answered, state } = await traceOf(parent);
    expect(answered).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/);
    expect(answered).not.toBe(parent);
    expect(state).toBe('vendor=1');
    expect(door.logged.at(-1)?.facts).toMatchObject({ trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' });
  });

  it.each([
    'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
    '00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01',
    '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more',
    'nonsense',
    undefined,
  ])('begins anew where the header is %s', async (header) => {
    const { parent: answered, state } = await traceOf(header);
    expect(answered).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
    expect(answered).not.toContain('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(state).toBeUndefined();
  });
});
