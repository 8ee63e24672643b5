import type { ServerMetrics } from './metrics.ts';
import type { Pressure } from './pressure.ts';
import type { Reloader } from './reloader.ts';
import type { ServerParts } from './settings.ts';

/** What routes work with. */
export interface RouteParts extends ServerParts {
  readonly metrics: ServerMetrics;
  readonly pressure: Pressure;
  readonly reloader: Reloader;
  readonly state: { readonly isDraining: boolean };
}
