/** All routes; each file registers one. */
import type { FastifyInstance } from 'fastify';
import type { RouteParts } from '../route-parts.ts';
import { registerAdminReload } from './admin-reload.ts';
import { registerDashboard } from './dashboard.ts';
import { registerHealth } from './health.ts';
import { registerMetrics } from './metrics.ts';
import { registerModelInfo } from './model-info.ts';
import { registerOutcomes } from './outcomes.ts';
import { registerPredictBatch } from './predict-batch.ts';
import { registerPredictRaw } from './predict-raw.ts';
import { registerPredict } from './predict.ts';
import { registerReady } from './ready.ts';
import { registerV1Routes } from './v1/index.ts';
import { registerWelcome } from './welcome.ts';

export function registerRoutes(app: FastifyInstance, parts: RouteParts): void {
  registerWelcome(app, { hasDesk: parts.desk !== undefined });
  if (parts.desk !== undefined) registerDashboard(app);
  registerHealth(app, parts);
  registerReady(app, parts);
  registerMetrics(app, parts);
  registerModelInfo(app, parts);
  registerPredict(app, parts);
  registerPredictBatch(app, parts);
  registerPredictRaw(app, parts);
  registerOutcomes(app, parts);
  registerAdminReload(app, parts);
  registerV1Routes(app, parts);
}
