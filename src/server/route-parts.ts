import type { Desk } from '../workflow/index.ts';
import type { ServerMetrics } from './metrics.ts';
import type { Pressure } from './pressure.ts';
import type { Reloader } from './reloader.ts';
import type { Shadow } from './shadow.ts';
import type { ServerParts } from './settings.ts';

/** What routes of the dashboard work with. */
export interface DeskRouteParts extends RouteParts {
  readonly desk: Desk;
}

/** What routes work with. */
export interface RouteParts extends ServerParts {
  readonly metrics: ServerMetrics;
  readonly pressure: Pressure;
  readonly reloader: Reloader;
  /** Undefined where nobody scores in the shadow. */
  readonly shadow: Shadow | undefined;
  readonly state: { readonly isDraining: boolean };
}
