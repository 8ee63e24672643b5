/** All routes; each file registers one. */
import type { FastifyInstance } from 'fastify';
import type { DeskRouteParts, RouteParts } from '../route-parts.ts';
import { registerAdminReload } from './admin-reload.ts';
import { registerHealth } from './health.ts';
import { registerMetrics } from './metrics.ts';
import { registerModelInfo } from './model-info.ts';
import { registerOutcomes } from './outcomes.ts';
import { registerPredictBatch } from './predict-batch.ts';
import { registerPredictRaw } from './predict-raw.ts';
import { registerPredict } from './predict.ts';
import { registerReady } from './ready.ts';
import { registerCustomer } from './v1/customer.ts';
import { registerData } from './v1/data.ts';
import { registerPerformance } from './v1/performance.ts';
import { registerWhatIf, registerWhatIfStart } from './v1/what-if.ts';
import { registerWelcome } from './welcome.ts';

export function registerRoutes(app: FastifyInstance, parts: RouteParts): void {
  registerWelcome(app);
  registerHealth(app, parts);
  registerReady(app, parts);
  registerMetrics(app, parts);
  registerModelInfo(app, parts);
  registerPredict(app, parts);
  registerPredictBatch(app, parts);
  registerPredictRaw(app, parts);
  registerOutcomes(app, parts);
  registerAdminReload(app, parts);
  if (parts.desk !== undefined) registerDeskRoutes(app, { ...parts, desk: parts.desk });
}

/** What the dashboard is made of; an exported set has none. */
function registerDeskRoutes(app: FastifyInstance, parts: DeskRouteParts): void {
  registerCustomer(app, parts);
  registerPerformance(app, parts);
  registerData(app, parts);
  registerWhatIf(app, parts);
  registerWhatIfStart(app, parts);
}
