/** `POST /admin/reload`: what it answers, and that many who ask at once do not get in each other's way. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ReloadOutcome } from '../../src/workflow/index.ts';
import { openDoor, type Door } from './door.ts';
import { formulaService, type FormulaService, servedSet } from './formula-service.ts';

let service: FormulaService;
let door: Door;

beforeAll(async () => {
  service = await formulaService({ pack: 'packs/broadband', horizons: [30, 60, 90] });
  door = await openDoor(service);
});
afterAll(() => door[Symbol.asyncDispose]());
const unchanged = (): Promise<ReloadOutcome> => Promise.resolve({ outcome: 'unchanged', set: service.set });
afterEach(() => {
  service.reload = unchanged;
});

async function reload(payload?: string, query = '') {
  const answer = await door.app.inject({
    method: 'POST',
    url: `/admin/reload${query}`,
    headers: { host: 'localhost', ...(payload === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<Record<string, unknown>>() };
}

describe('POST /admin/reload', () => {
  it('says that nothing is newer, and who answers', async () => {
    const { status, body, headers } = await reload();
    expect(status).toBe(200);
    expect(body).toEqual({
      outcome: 'unchanged',
      model_set: 1,
      hash: 'hash-1',
      loaded_at: '2024-09-15T12:00:00.000Z',
      request_id: headers['x-request-id'],
    });
    expect(headers['x-model-set']).toBe('1');
    expect(door.logged).toContainEqual({
      facts: { asked_by: 'request', model_set: 1 },
      message: 'there is nothing newer to load',
    });
  });

  it('says which set was loaded', async () => {
    const set = servedSet([30, 60, 90], 2);
    service.reload = () => Promise.resolve({ outcome: 'loaded', set });
    expect((await reload()).body).toMatchObject({ outcome: 'loaded', model_set: 2 });
  });

  it('answers 409 with the reason where the newest set was refused, and says what goes on answering', async () => {
    service.reload = () =>
      Promise.resolve({ outcome: 'refused', reason: 'model 4 is damaged [HF503]', set: service.set });
    const { status, body, headers } = await reload();
    expect(status).toBe(409);
    expect(body).toMatchObject({ error: { code: 'HF622' } });
    expect(JSON.stringify(body)).toContain('model 4 is damaged [HF503]; set 1 goes on answering');
    expect(headers['x-model-set']).toBe('1');
    service.reload = () => Promise.resolve({ outcome: 'refused', reason: 'none is in use', set: null });
    expect(JSON.stringify((await reload()).body)).toContain('nothing answers until that is mended');
  });

  it('tells what became of the challenger', async () => {
    service.reload = () =>
      Promise.resolve({
        outcome: 'unchanged',
        set: service.set,
        challenger: { outcome: 'refused', reason: 'set 7 is damaged', set: null },
      });
    expect((await reload()).body).toMatchObject({
      outcome: 'unchanged',
      challenger: { outcome: 'refused', model_set: null, reason: 'set 7 is damaged' },
    });
    expect(door.logged.map(({ message }) => message)).toContain(
      'there is no challenger: the champion answers all',
    );
  });

  it('of many at once does the work of those that wait together, and never two at a time', async () => {
    let running = 0;
    let most = 0;
    let calls = 0;
    service.reload = async () => {
      calls += 1;
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running -= 1;
      return { outcome: 'unchanged', set: service.set };
    };
    const answers = await Promise.all(Array.from({ length: 50 }, () => reload()));
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(most).toBe(1);
    expect(calls).toBeLessThan(10);
  });

  it('that fails by a fault of ours is 500, and the next one goes on', async () => {
    service.reload = () => Promise.reject(new Error('a slip'));
    expect((await reload()).status).toBe(500);
    service.reload = unchanged;
    expect((await reload()).status).toBe(200);
  });

  it.each([
    ['{"force":true}', '', 'force'],
    ['[]', '', undefined],
    ['7', '', undefined],
    [undefined, '?force=true', 'force'],
  ])('takes no fields: %s %s', async (payload, query, field) => {
    const { status, body } = await reload(payload, query);
    expect(status).toBe(422);
    expect((body as { error: { field?: string } }).error.field).toBe(field);
  });

  it('takes an empty object, as clients send it that always send one', async () => {
    expect((await reload('{}')).status).toBe(200);
  });
});
