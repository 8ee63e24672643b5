import { existsSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { HoldfastError, packageFile } from '../../kernel/index.ts';

/** The address that the dashboard is at. */
export const DASHBOARD = '/app/';

const FILES = packageFile('dist', 'web');
/** What is below this folder has a name that changes with its content. */
const ASSETS = 'assets/';
const FOREVER = 'public, max-age=31536000, immutable';
/** Everything comes from this server; the component library writes style elements for its breakpoints. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** `GET /app/`: the files of the dashboard; an address that is no file is a view of it, which the page itself knows. */
export function registerDashboard(app: FastifyInstance): void {
  const schema = { hide: true };
  app.get('/app', { schema }, (request, reply) => reply.redirect(`${DASHBOARD}${queryOf(request)}`));
  app.get('/app/*', { schema }, sendFile);
}

/** Whether the dashboard comes with this program. */
export const hasDashboard = (): boolean => existsSync(packageFile('dist', 'web', 'index.html'));

async function sendFile(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { '*': asked = '' } = request.params as { readonly '*'?: string };
  const isAsset = asked.startsWith(ASSETS);
  const name = isAsset ? asked : 'index.html';
  // Loaded by the first who looks: a start does not wait for it.
  // The bundle has a module of the older kind under its default alone.
  const {
    default: { send },
  } = await import('@fastify/send');
  const isPacked = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '') && /\.(?:js|css)$/.test(name);
  const plain = await send(request.raw, `/${encodeURI(name)}`, {
    root: FILES,
    index: false,
    cacheControl: false,
  });
  const packed = isPacked
    ? await send(request.raw, `/${encodeURI(name)}.gz`, { root: FILES, index: false, cacheControl: false })
    : undefined;
  const isFound = (found: { readonly statusCode: number }): boolean => found.statusCode < 400;
  const sent = packed !== undefined && isFound(packed) ? packed : plain;
  if (sent !== plain) plain.stream.destroy();
  if (!isFound(sent)) throw noFile(isAsset);
  reply.headers(sent.headers);
  if (sent === packed) {
    reply.header('content-encoding', 'gzip');
    reply.header('content-type', plain.headers['Content-Type']);
  }
  return reply
    .code(sent.statusCode)
    .header('vary', 'accept-encoding')
    .header('cache-control', isAsset ? FOREVER : 'no-cache')
    .header('content-security-policy', POLICY)
    .send(sent.stream);
}

const queryOf = ({ url }: FastifyRequest): string => (url.includes('?') ? url.slice(url.indexOf('?')) : '');

const noFile = (isAsset: boolean): HoldfastError =>
  new HoldfastError('HF614', {
    message: isAsset ? 'there is no such file of the dashboard' : 'the dashboard was not built',
    hint: isAsset ? 'reload the page' : 'run npm run setup in the folder of Holdfast',
  });
