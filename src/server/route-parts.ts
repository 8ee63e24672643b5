import type { ServerMetrics } from './metrics.ts';
import type { Pressure } from './pressure.ts';
import type { ServerParts } from './settings.ts';

/** What routes work with. */
export interface RouteParts extends ServerParts {
  readonly metrics: ServerMetrics;
  readonly pressure: Pressure;
  readonly state: { readonly isDraining: boolean };
}
