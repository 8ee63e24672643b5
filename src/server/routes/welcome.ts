import type { FastifyInstance } from 'fastify';
import { VERSION } from '../../kernel/index.ts';
import { described } from '../route-schema.ts';
import { DASHBOARD, hasDashboard } from './dashboard.ts';

/** `GET /`: what this is, and where to go on; whoever asks for a page goes on to the dashboard. */
export function registerWelcome(app: FastifyInstance, { hasDesk }: { readonly hasDesk: boolean }): void {
  const schema = described('Welcome', 'What this server is, and where to go on.', {});
  const hasPages = hasDesk && hasDashboard();
  const welcome = {
    name: 'holdfast',
    message: 'Welcome to Holdfast: who is about to leave, when, and why.',
    version: VERSION,
    links: {
      ...(hasPages ? { dashboard: DASHBOARD } : {}),
      documentation: '/docs',
      openapi: '/openapi.json',
      health: '/health',
      ready: '/ready',
    },
  };
  app.get('/', { schema }, (request, reply) => {
    reply.header('vary', 'accept');
    const wantsPage = request.headers.accept?.includes('text/html') ?? false;
    return wantsPage && hasPages ? reply.redirect(DASHBOARD) : reply.send(welcome);
  });
}
