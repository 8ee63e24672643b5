import type { FastifyInstance } from 'fastify';
import { VERSION } from '../../kernel/index.ts';
import { described } from '../route-schema.ts';

/** `GET /`: what this is, and where to go on. */
export function registerWelcome(app: FastifyInstance): void {
  const schema = described('Welcome', 'What this server is, and where to go on.', {});
  app.get('/', { schema }, () => ({
    name: 'holdfast',
    message: 'Welcome to Holdfast: who is about to leave, when, and why.',
    version: VERSION,
    links: { documentation: '/docs', openapi: '/openapi.json', health: '/health', ready: '/ready' },
  }));
}
