/** `GET /openapi.json` and the page at `/docs`, which takes nothing from other hosts. */
import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { VERSION } from '../kernel/index.ts';
import type { RawContract } from '../workflow/index.ts';
import { rawSchema } from './raw-row.ts';
import { registerDocumentsPage } from './documents-page.ts';
import { rowSchema } from './feature-schema.ts';
import { outcomeSchema } from './outcome-reader.ts';
import { described } from './route-schema.ts';
import { ANSWER_SCHEMAS } from './answer-schemas.ts';
import type { ServerParts } from './settings.ts';

type Document = Record<string, unknown> & {
  paths?: Record<string, unknown>;
  components?: { schemas?: Record<string, unknown> };
};

const RAW_PATH = '/predict/raw';

type Described = Pick<ServerParts, 'service' | 'outcomes'>;

/** Registers both. The routes come after it. */
export async function registerDocuments(app: FastifyInstance, parts: Described): Promise<void> {
  // Known once the pack's SQL was looked at, which takes a moment that a start does not have.
  let rawContract: RawContract | undefined;
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
  registerDocumentsPage(app, () => withFeatures(app.swagger(), parts, rawContract));
  const schema = described('OpenAPI document', 'This document: every route, field and error.', {});
  app.get('/openapi.json', { schema }, async () => {
    rawContract = await parts.service.raw?.contract().catch(() => undefined);
    return withFeatures(app.swagger(), parts, rawContract);
  });
}

/** The document with the features of now: a model set that is loaded later may know other categories. */
function withFeatures(
  document: object,
  { service, outcomes }: Described,
  rawContract: RawContract | undefined,
): Readonly<Record<string, unknown>> {
  const { components, paths, ...rest } = document as Document;
  const { [RAW_PATH]: raw, ...others } = paths ?? {};
  const { idField } = service;
  const own = {
    PredictRequest: rowSchema(idField, service.features),
    ...(rawContract === undefined ? {} : { RawRow: rawSchema(rawContract) }),
    Outcome: outcomeSchema({ idField, horizons: outcomes?.horizons ?? [] }),
  };
  return {
    ...rest,
    // It is there only where rows can be scored as they are delivered.
    paths: service.raw === undefined ? others : { ...others, [RAW_PATH]: raw },
    components: { ...components, schemas: { ...components?.schemas, ...own } },
  };
}
