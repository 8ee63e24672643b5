/** All routes; each file registers one. */
import type { FastifyInstance } from 'fastify';
import type { ServerMetrics } from '../metrics.ts';
import type { Pressure } from '../pressure.ts';
import type { ServerParts } from '../settings.ts';
import { registerHealth } from './health.ts';
import { registerMetrics } from './metrics.ts';
import { registerModelInfo } from './model-info.ts';
import { registerPredictBatch } from './predict-batch.ts';
import { registerPredict } from './predict.ts';
import { registerReady } from './ready.ts';
import { registerWelcome } from './welcome.ts';

/** What routes work with. */
export interface RouteParts extends ServerParts {
  readonly metrics: ServerMetrics;
  readonly pressure: Pressure;
  readonly state: { readonly isDraining: boolean };
}

export function registerRoutes(app: FastifyInstance, parts: RouteParts): void {
  registerWelcome(app);
  registerHealth(app, parts);
  registerReady(app, parts);
  registerMetrics(app, parts);
  registerModelInfo(app, parts);
  registerPredict(app, parts);
  registerPredictBatch(app, parts);
}
