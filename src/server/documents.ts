/** `GET /openapi.json` and the page at `/docs`, which takes nothing from other hosts. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { VERSION } from '../kernel/index.ts';
import type { RawContract } from '../workflow/index.ts';
import { rawSchema } from './raw-row.ts';
import { registerDocumentsPage } from './documents-page.ts';
import { rowSchema, whatIfSchema } from './feature-schema.ts';
import { outcomeSchema } from './outcome-reader.ts';
import { described } from './route-schema.ts';
import { answerSchemas } from './answer-schemas.ts';
import type { ServerParts } from './settings.ts';
import { v1Schemas } from './v1-schemas.ts';

type Document = Record<string, unknown> & {
  paths?: Record<string, unknown>;
  components?: { schemas?: Record<string, unknown> };
};

const RAW_PATH = '/predict/raw';

type Described = Pick<ServerParts, 'service' | 'settings' | 'outcomes' | 'desk'>;

/** Registers both. The routes come after it. */
export async function registerDocuments(app: FastifyInstance, parts: Described): Promise<void> {
  // Known once the pack's SQL was looked at, which takes a moment that a start does not have.
  let rawContract: RawContract | undefined;
  const readContract = async (): Promise<void> => {
    rawContract = await parts.service.raw?.contract().catch(() => undefined);
  };
  const { idField } = parts.service;
  const schemas = {
    ...answerSchemas({ idField, maxBatchSize: parts.settings.maxBatchSize }),
    // The features of a what-if are filled in too.
    ...(parts.desk === undefined ? {} : { ...v1Schemas(), WhatIfRequest: { type: 'object' } }),
  };
  for (const [$id, schema] of Object.entries(schemas)) app.addSchema({ $id, ...schema });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Holdfast',
        version: VERSION,
        description:
          'Who is about to leave, when, and why. Every error has the same shape; an address or a method that is not listed is 404 or 405. A server that has no keys answers on its own machine without one. Answers carry `X-Request-Id` (that of the request where it has one), and `X-Model-Set` where a model set answered; 429 and 503 carry `Retry-After`.',
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
  registerDocumentsPage(app, async () => {
    await readContract();
    return withFeatures(app.swagger(), parts, rawContract);
  });
  const schema = described('OpenAPI document', 'This document: every route, field and error.', {});
  app.get('/openapi.json', { schema }, async () => {
    await readContract();
    return withFeatures(app.swagger(), parts, rawContract);
  });
}

/** The document with the features of now: a model set that is loaded later may know other categories. */
function withFeatures(
  document: object,
  { service, outcomes, desk }: Described,
  rawContract: RawContract | undefined,
): Readonly<Record<string, unknown>> {
  const { components, paths, ...rest } = document as Document;
  const { [RAW_PATH]: raw, ...others } = paths ?? {};
  const { RawRow: _without, ...schemas } = components?.schemas ?? {};
  const { idField } = service;
  const own = {
    PredictRequest: rowSchema(idField, service.features),
    ...(desk === undefined ? {} : { WhatIfRequest: whatIfSchema(service.features) }),
    ...(rawContract === undefined ? {} : { RawRow: rawSchema(rawContract) }),
    Outcome: outcomeSchema({ idField, horizons: outcomes?.horizons ?? [] }),
  };
  return {
    ...rest,
    // It is there only where rows can be scored as they are delivered.
    paths: rawContract === undefined ? others : { ...others, [RAW_PATH]: raw },
    components: { ...components, schemas: { ...schemas, ...own } },
  };
}
