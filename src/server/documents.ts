/** `GET /openapi.json` and the page at `/docs`, which takes nothing from other hosts. */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { VERSION } from '../kernel/index.ts';
import { rowSchema } from './feature-schema.ts';
import { outcomeSchema } from './outcome-reader.ts';
import { described } from './route-schema.ts';
import { ANSWER_SCHEMAS } from './answer-schemas.ts';
import type { ServerParts } from './settings.ts';

type Document = Record<string, unknown> & { components?: { schemas?: Record<string, unknown> } };

type Described = Pick<ServerParts, 'service' | 'outcomes'>;

/** Registers both. The routes come after it. */
export async function registerDocuments(app: FastifyInstance, parts: Described): Promise<void> {
  for (const [$id, schema] of Object.entries(ANSWER_SCHEMAS)) app.addSchema({ $id, ...schema });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Holdfast',
        version: VERSION,
        description: 'Who is about to leave, when, and why. Every error has the same shape.',
      },
      components: {
        securitySchemes: {
          key: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
          bearer: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) =>
        typeof json['$id'] === 'string' ? json['$id'] : `schema-${String(index)}`,
    },
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    uiConfig: { deepLinking: false, tryItOutEnabled: true },
    transformSpecificationClone: false,
    transformSpecification: (document) => withFeatures(document, parts),
  });
  const schema = described('OpenAPI document', 'This document: every route, field and error.', {});
  app.get('/openapi.json', { schema }, () => withFeatures(app.swagger(), parts));
}

/** The document with the features of now: a model set that is loaded later may know other categories. */
function withFeatures(document: object, { service, outcomes }: Described): Readonly<Record<string, unknown>> {
  const { components, ...rest } = document as Document;
  const { idField } = service;
  const own = {
    PredictRequest: rowSchema(idField, service.features),
    Outcome: outcomeSchema({ idField, horizons: outcomes?.horizons ?? [] }),
  };
  return {
    ...rest,
    components: { ...components, schemas: { ...components?.schemas, ...own } },
  };
}
