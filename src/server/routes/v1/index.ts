/** Routes of the dashboard; they are there where a desk is. */
import type { FastifyInstance } from 'fastify';
import type { RouteParts } from '../../route-parts.ts';
import { registerCustomer } from './customer.ts';
import { registerCustomers } from './customers.ts';
import { registerCustomersExport } from './customers-export.ts';
import { registerPages } from './pages.ts';
import { registerPeople } from './people.ts';
import { registerWhatIf, registerWhatIfStart } from './what-if.ts';
import { registerSession } from './session.ts';
import { registerWork } from './work.ts';

export function registerV1Routes(app: FastifyInstance, { desk, ...others }: RouteParts): void {
  if (desk === undefined) return;
  const parts = { ...others, desk };
  const { sessions } = others;
  if (sessions !== undefined) registerSession(app, { ...others, sessions });
  registerPages(app, parts);
  registerCustomers(app, parts);
  registerCustomersExport(app, parts);
  registerCustomer(app, parts);
  registerWhatIf(app, parts);
  registerWhatIfStart(app, parts);
  registerWork(app, parts);
  registerPeople(app, parts);
}
