/**
 * The page at `/docs`. What makes it is loaded when somebody looks at it first, and lives in a server within the server
 * that listens to nobody: a start does not wait for it.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const PAGE = '/docs';
/** What the connection says, and not the page. */
const OF_CONNECTION = new Set(['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding']);

type ReadDocument = () => Promise<Readonly<Record<string, unknown>>>;

/** Registers the page over a document, which is asked for anew each time. */
export function registerDocumentsPage(app: FastifyInstance, readDocument: ReadDocument): void {
  let page: Promise<FastifyInstance> | undefined;
  app.addHook('onClose', async () => {
    await (await page)?.close();
  });
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    page ??= openPage(readDocument);
    const answered = await (
      await page
    ).inject({ method: request.method === 'HEAD' ? 'HEAD' : 'GET', url: request.url });
    if (answered.statusCode === 404) {
      reply.callNotFound();
      return reply;
    }
    for (const [name, value] of Object.entries(answered.headers))
      if (value !== undefined && !OF_CONNECTION.has(name)) reply.header(name, value);
    return reply.code(answered.statusCode).send(answered.rawPayload);
  };
  for (const url of [PAGE, `${PAGE}/*`]) app.get(url, { schema: { hide: true } }, answer);
}

async function openPage(readDocument: ReadDocument): Promise<FastifyInstance> {
  const [{ fastify }, { default: swagger }, { default: swaggerUi }] = await Promise.all([
    import('fastify'),
    import('@fastify/swagger'),
    import('@fastify/swagger-ui'),
  ]);
  let document: Readonly<Record<string, unknown>> = {};
  const page = fastify();
  await page.register(swagger, { openapi: { openapi: '3.1.0' } });
  await page.register(swaggerUi, {
    routePrefix: PAGE,
    staticCSP: true,
    transformStaticCSP: ownFilesOnly,
    uiConfig: { deepLinking: false, tryItOutEnabled: true },
    transformSpecificationClone: false,
    uiHooks: {
      onRequest: (_request, _reply, done) => {
        readDocument().then((read) => {
          document = read;
          done();
        }, done);
      },
    },
    transformSpecification: () => document,
  });
  await page.ready();
  return page;
}

/** The page's policy without what would have a browser ask other hosts, or by HTTPS where this is HTTP. */
const ownFilesOnly = (policy: string): string =>
  policy
    .split(';')
    .map((rule) => rule.replaceAll(/ (https:|[a-z.]+\.swagger\.io)(?= |$)/g, ''))
    .filter((rule) => !/^\s*upgrade-insecure-requests/.test(rule))
    .join(';');
