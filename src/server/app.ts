/** The HTTP server over a scoring service: what every request goes through, and the routes. */
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { HoldfastError } from '../kernel/index.ts';
import { answerClientError } from './client-error.ts';
import { closeListener } from './close-listener.ts';
import { registerDocuments } from './documents.ts';
import { asProblem, errorBody } from './error-shape.ts';
import { identify } from './identify.ts';
import type { Caller } from './key-ring.ts';
import { openMetrics } from './metrics.ts';
import { patternsOf, type Permission, permissionOf } from './permissions.ts';
import { Pressure, retryAfter } from './pressure.ts';
import { readJsonBody } from './request-body.ts';
import { requestId } from './request-id.ts';
import { openReloader, type Reloader } from './reloader.ts';
import { registerRoutes } from './routes/index.ts';
import { openShadow } from './shadow.ts';
import type { ServerParts } from './settings.ts';
import { type Trace, traceOf, traceparent } from './trace-context.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null until it is known who asks. */
    caller: Caller | null;
    trace: Trace;
    /** When the request's headers were there, by `performance.now()`. */
    startedAt: number;
  }
}

/** A server that does not listen yet. */
export interface Server extends AsyncDisposable {
  readonly app: FastifyInstance;
  /** From now on `GET /ready` answers 503. */
  drain(): void;
  readonly reloader: Reloader;
  /** Takes no more connections, and closes those there are after their next answer. */
  closeDoor(): Promise<void>;
}

const HEADER_BYTES = 16_384;
/** How often connections are looked at for one that is too slow. */
const CHECK_EVERY_MS = 500;
const MINUTE_MS = 60_000;
/** A client that takes in nothing of its answer is given up after this time. */
const STALLED_READER_MS = 30_000;
/** What is answered however far behind the server is: it costs next to nothing, and says what is the matter. */
const ALWAYS_ANSWERED: ReadonlySet<Permission> = new Set([
  'public',
  'model.read',
  'metrics.read',
  'admin.reload',
]);
const HEADERS_FOR_PAGES = [
  'x-request-id',
  'x-total-rows',
  'x-model-set',
  'ratelimit-remaining',
  'retry-after',
  'traceparent',
];

/** Builds the server with all routes. Dispose it to close it. */
export async function buildServer(parts: ServerParts): Promise<Server> {
  const { settings, log, service, keys } = parts;
  const metrics = openMetrics(parts);
  const pressure = new Pressure(settings);
  const reloader = openReloader(service, log);
  const shadow = openShadow({ ...parts, metrics });
  const state = { isDraining: false, isClosing: false };
  const app = fastify({
    bodyLimit: settings.bodyBytes,
    requestTimeout: settings.requestSeconds * 1000,
    keepAliveTimeout: settings.idleSeconds * 1000,
    connectionTimeout: STALLED_READER_MS,
    // A key of 256 characters, each of which an address may write in twelve.
    routerOptions: { maxParamLength: 3072 },
    http: {
      headersTimeout: settings.headersSeconds * 1000,
      connectionsCheckingInterval: CHECK_EVERY_MS,
      maxHeaderSize: HEADER_BYTES,
    },
    forceCloseConnections: 'idle',
    // A request on a connection that is kept is still answered while the server stops.
    return503OnClosing: false,
    genReqId: requestId,
    clientErrorHandler(error, socket) {
      metrics.request('', 'unparsed', answerClientError(error, socket), 0);
    },
    frameworkErrors: (error, request, reply) => {
      answerError(error, request, reply);
    },
  });
  app.server.maxConnections = settings.maxConnections;
  app.decorateRequest('caller', null);

  const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply): void => {
    const problem = asProblem(error);
    if (problem.httpStatus >= 500 && problem.code !== 'HF619') {
      log.error({ request_id: request.id, code: problem.code, err: error }, problem.message);
    }
    // Of a row that refuses its request; what has not been answered is counted nowhere else.
    const isScoring = request.routeOptions.url?.startsWith('/predict') ?? false;
    if (isScoring && problem.code === 'HF603') metrics.lookup(false);
    const seconds = retryAfter(problem);
    if (seconds !== undefined) reply.header('retry-after', String(seconds));
    if (problem.code === 'HF612') reply.header('www-authenticate', 'Bearer');
    // The rest of a body that nobody reads must not come in.
    if (problem.code === 'HF616' || problem.code === 'HF617') reply.header('connection', 'close');
    void reply
      .code(problem.httpStatus)
      .header('x-request-id', request.id)
      .type('application/json; charset=utf-8')
      .serializer(JSON.stringify)
      .send(errorBody(problem, request.id));
  };

  // Requests are checked by readers of our own, which name the field; the schemas are for the documentation.
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(answerError);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, readJsonBody(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });

  app.addHook('onRequest', (request, reply, done) => {
    request.startedAt = performance.now();
    request.trace = traceOf(headerOf(request, 'traceparent'));
    reply.header('x-request-id', request.id);
    reply.header('traceparent', traceparent(request.trace));
    const traceState = headerOf(request, 'tracestate');
    if (request.trace.parentId !== undefined && traceState !== undefined)
      reply.header('tracestate', traceState);
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // Here and not where requests come in: one that was under way already must not keep its connection either.
    if (state.isClosing) reply.header('connection', 'close');
    done();
  });
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) if (one !== 'OPTIONS') permissionOf(one, url);
  });
  app.addHook('onResponse', (request, reply, done) => {
    const milliseconds = performance.now() - request.startedAt;
    const route = request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched');
    metrics.request(request.method, route, reply.statusCode, milliseconds / 1000);
    log.info(
      {
        request_id: request.id,
        trace_id: request.trace.traceId,
        span_id: request.trace.spanId,
        key: request.caller?.id,
        method: request.method,
        route,
        status: reply.statusCode,
        duration_ms: Math.round(milliseconds * 1000) / 1000,
      },
      'request',
    );
    done();
  });
  await app.register(cors, {
    origin: [...settings.allowedOrigins],
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: [
      'Content-Type',
      'X-API-Key',
      'Authorization',
      'X-Request-Id',
      'traceparent',
      'tracestate',
    ],
    exposedHeaders: HEADERS_FOR_PAGES,
    strictPreflight: false,
    maxAge: 600,
  });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    referrerPolicy: { policy: 'no-referrer' },
  });
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.is404 || request.method === 'OPTIONS') {
      done();
      return;
    }
    const permission = permissionOf(request.method, request.routeOptions.url ?? '');
    identify(request, parts, permission);
    if (request.method === 'POST') requireReadableBody(request);
    if (!ALWAYS_ANSWERED.has(permission)) pressure.admit();
    done();
  });
  await app.register(rateLimit, {
    max: settings.rateLimit,
    timeWindow: MINUTE_MS,
    enableDraftSpec: true,
    keyGenerator: (request) => request.caller?.id ?? request.ip,
    // Without keys there is nobody to be told apart.
    allowList: () => keys.isOpen,
    errorResponseBuilder: (_request, { max }) =>
      new HoldfastError('HF618', {
        message: `more than ${String(max)} requests came within a minute`,
        hint: 'wait as long as Retry-After says, or send rows in batches',
      }),
  });
  await registerDocuments(app, parts);
  registerRoutes(app, { ...parts, metrics, pressure, reloader, shadow, state });
  app.setNotFoundHandler((request, reply) => {
    // Not all routes of the table are there: a server without a desk has no dashboard.
    const methods = patternsOf(request.url.split('?')[0] ?? '')
      .filter(({ method, url }) => app.hasRoute({ method: method, url }))
      .map(({ method }) => method);
    if (methods.length > 0) reply.header('allow', methods.join(', '));
    throw notFound(request, methods);
  });
  await app.ready();
  return {
    app,
    drain() {
      state.isDraining = true;
    },
    reloader,
    async closeDoor() {
      await closeListener(app.server);
      // Not before: clients that have to open connections anew all the time would have one waiting when the door closes.
      state.isClosing = true;
    },
    async [Symbol.asyncDispose]() {
      pressure[Symbol.dispose]();
      await app.close();
      shadow?.[Symbol.dispose]();
    },
  };
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** HF617 for a body that is compressed or not in UTF-8: a small one could be large, or mean something else. */
function requireReadableBody(request: FastifyRequest): void {
  const encoding = headerOf(request, 'content-encoding') ?? 'identity';
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(headerOf(request, 'content-type') ?? '')?.[1] ?? 'utf-8';
  if (encoding.toLowerCase() === 'identity' && /^utf-?8$/i.test(charset)) return;
  throw new HoldfastError('HF617', {
    message: 'the body is compressed or not in UTF-8',
    hint: 'send plain JSON in UTF-8, without Content-Encoding',
  });
}

/** HF615 with the methods that the path takes, or HF614. */
function notFound(request: FastifyRequest, methods: readonly string[]): HoldfastError {
  return methods.length > 0
    ? new HoldfastError('HF615', {
        message: `the address does not take ${request.method}`,
        hint: `use ${methods.join(' or ')}`,
      })
    : new HoldfastError('HF614', {
        message: 'there is no such address',
        hint: 'GET /openapi.json lists all addresses',
      });
}
