/** What the server says about itself: the OpenAPI document, its page, and its metrics. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/kernel/index.ts';
import { openSessions } from '../../src/server/index.ts';
import { ROUTES } from '../../src/server/permissions.ts';
import type { Desk } from '../../src/workflow/index.ts';
import { textOfFile } from '../repository/tree.ts';
import { openDoor, type Door } from './door.ts';
import { formulaService, type FormulaService } from './formula-service.ts';
import { LLD_REQUEST } from './lld.ts';

interface Operation {
  readonly summary?: string;
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content: object }>>;
}
interface Schema {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
}
interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>> & { readonly PredictRequest: { anyOf: Schema[] } };
  };
}

let service: FormulaService;
let door: Door;
let document: OpenApi;
const get = (url: string) => door.app.inject({ url, headers: { host: 'localhost' } });

beforeAll(async () => {
  service = await formulaService({ pack: 'packs/broadband', horizons: [30, 60, 90] });
  // Nothing is asked of the desk: it is there for its routes.
  const desk = {} as Desk;
  const sessions = openSessions(Buffer.alloc(32), systemClock);
  door = await openDoor(service, {}, systemClock, {}, { desk, sessions });
  document = (await get('/openapi.json')).json<OpenApi>();
});
afterAll(() => door[Symbol.asyncDispose]());

describe('the OpenAPI document', () => {
  it('names every route with every error that it can give', () => {
    expect(document.openapi).toBe('3.1.0');
    for (const [route, permission] of Object.entries(ROUTES)) {
      const [method = '', path = ''] = route.split(' ');
      // Not for a pack whose features need a history; and pages are no part of the interface.
      if (path === '/docs' || path === '/predict/raw' || path.startsWith('/app')) continue;
      const operation = document.paths[path.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
      const statuses = Object.keys(operation?.responses ?? {});
      expect(statuses, route).toContain('200');
      if (permission !== 'public') expect(statuses, route).toEqual(expect.arrayContaining(['401', '403']));
      if (permission === 'predict' || permission === 'what-if') {
        const ofBody = method === 'POST' ? ['400', '408', '413', '415'] : ['404'];
        const expected = [...ofBody, '422', '429', '503'];
        expect(statuses, route).toEqual(expect.arrayContaining(expected));
      }
      for (const [status, { description, content }] of Object.entries(operation?.responses ?? {})) {
        expect(description).not.toBe('');
        if (status !== '200') {
          expect(content).toEqual({
            'application/json': { schema: { $ref: '#/components/schemas/Error' } },
          });
        }
      }
    }
  });

  it('has the contract of the pack as the schema of a request', () => {
    const [full, alone] = document.components.schemas.PredictRequest.anyOf;
    expect([...(full?.required ?? [])].sort()).toEqual(Object.keys(LLD_REQUEST).sort());
    expect(full?.properties['contract_status_ord']).toMatchObject({ minimum: 1, maximum: 6 });
    expect(full?.properties['technology']).toMatchObject({ examples: ['one', 'two'] });
    expect(alone?.required).toEqual(['customer_id']);
  });

  it('refers to nothing that it does not have', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to ?? '');
    expect(references.length).toBeGreaterThan(10);
    for (const reference of new Set(references)) {
      const name = /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1] ?? '';
      expect(document.components.schemas[name], reference).toBeDefined();
    }
  });
});

describe('the page of the documentation', () => {
  it('takes everything from this server', async () => {
    const page = await get('/docs/');
    expect(page.statusCode).toBe(200);
    const links = [...page.payload.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link ?? '');
    expect(links.length).toBeGreaterThan(3);
    for (const link of links) {
      expect(link).not.toMatch(/^(https?:)?\/\//);
      const file = await get(new URL(link, 'http://localhost/docs/').pathname);
      expect(file.statusCode, link).toBe(200);
    }
    expect((await get('/docs/json')).json<OpenApi>().components.schemas.PredictRequest.anyOf).toHaveLength(2);
  });
});

describe('the metrics', () => {
  it('count requests, predictions, tiers and lookups under the names of the designs', async () => {
    const post = (body: unknown, url = '/predict') =>
      door.app.inject({
        method: 'POST',
        url,
        payload: JSON.stringify(body),
        headers: { 'content-type': 'application/json', host: 'localhost' },
      });
    await post(LLD_REQUEST);
    await post([LLD_REQUEST, { ...LLD_REQUEST, customer_id: 'RED1' }], '/predict/batch');
    await post({ customer_id: 'CUST_00001' });
    await post({ customer_id: 'nobody' });
    await get('/nowhere-1');
    await get('/nowhere-2');
    const { payload, headers } = await get('/metrics');
    expect(headers['content-type']).toContain('text/plain; version=0.0.4');
    for (const line of [
      'churn_api_requests_total{method="POST",endpoint="/predict",status="200"} 2',
      'churn_api_requests_total{method="POST",endpoint="/predict",status="404"} 1',
      'churn_api_requests_total{method="GET",endpoint="unmatched",status="404"} 2',
      'churn_api_request_duration_seconds_count{method="POST",endpoint="/predict/batch"} 1',
      'churn_api_predictions_total{horizon="30d"} 4',
      'churn_api_predictions_total{horizon="90d"} 4',
      'churn_api_risk_tier_total{tier="RED"} 1',
      'churn_predictions_total{risk_level="GREEN"} 3',
      'churn_prediction_latency_seconds_count 4',
      'churn_api_models_loaded 3',
      'churn_api_model_load_duration_seconds{horizon="60d"} 0.01',
      'churn_feature_lookups_total{result="found"} 1',
      'churn_feature_lookups_total{result="unknown"} 1',
      'churn_cache_hits_total 0',
      'churn_postgres_rows_total{result="dropped"} 0',
    ]) {
      expect(payload.split('\n')).toContain(line);
    }
    expect(payload).not.toContain('nowhere');
    expect(payload).not.toContain('RED1');
  });

  it('and the routes are all in the guide', async () => {
    const guide = textOfFile('docs/guides/serving.md');
    const { payload } = await get('/metrics');
    const names = [...payload.matchAll(/^# TYPE (churn_\w+) /gm)].map(([, name]) => name ?? '');
    expect(names.length).toBeGreaterThan(9);
    for (const name of names) expect(guide).toContain(`\`${name}\``);
    for (const route of Object.keys(ROUTES)) expect(guide).toContain(`\`${route}\``);
  });
});
