/** Who may do what: the one table of routes and rights, and the one of roles. */
import { HoldfastError } from '../kernel/index.ts';
import type { Role } from '../store/index.ts';

/** The rights there are; an admin has all of them. */
const PERMISSIONS = [
  'predict',
  'model.read',
  'metrics.read',
  'outcomes.write',
  'admin.reload',
  // Of the dashboard.
  'facts.read',
  'overview.read',
  'performance.read',
  'data.read',
  // Single entities, with everything that is known of them.
  'customers.read',
  'customers.export',
  'work.write',
  // Gives work to others, and takes it from them.
  'work.lead',
  // Scores of features that somebody thought up, and rows to begin with that are not named.
  'what-if',
] as const;

/** A right that a route asks for; `public` asks for none. */
export type Permission = 'public' | (typeof PERMISSIONS)[number];

/** Every route, and what it asks for. A route that is missing here stops the start. */
export const ROUTES: Readonly<Record<string, Permission>> = {
  'GET /': 'public',
  'GET /health': 'public',
  'GET /ready': 'public',
  'GET /metrics': 'metrics.read',
  'GET /model/info': 'model.read',
  'GET /openapi.json': 'public',
  'GET /docs': 'public',
  'POST /predict': 'predict',
  'POST /predict/batch': 'predict',
  'POST /predict/raw': 'predict',
  'POST /outcomes': 'outcomes.write',
  'POST /admin/reload': 'admin.reload',
  'GET /v1/session': 'public',
  'POST /v1/session': 'public',
  'DELETE /v1/session': 'public',
  'GET /v1/facts': 'facts.read',
  'GET /v1/overview': 'overview.read',
  'GET /v1/customers': 'customers.read',
  'GET /v1/customers.csv': 'customers.export',
  'GET /v1/customers/:id': 'customers.read',
  'POST /v1/customers/:id/work': 'work.write',
  'POST /v1/work/next': 'work.write',
  'GET /v1/people': 'work.lead',
  'GET /v1/performance': 'performance.read',
  'GET /v1/data': 'data.read',
  'POST /v1/what-if': 'what-if',
  'GET /v1/what-if/start': 'what-if',
  'GET /app': 'public',
  'GET /app/*': 'public',
};

/** What each role may do beside what is public. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(['model.read', 'facts.read', 'overview.read', 'performance.read']),
  agent: new Set([
    'model.read',
    'predict',
    'outcomes.write',
    'facts.read',
    'customers.read',
    'work.write',
    'what-if',
  ]),
  lead: new Set([
    'model.read',
    'predict',
    'outcomes.write',
    'facts.read',
    'overview.read',
    'customers.read',
    'customers.export',
    'work.write',
    'work.lead',
    'what-if',
  ]),
  'data-scientist': new Set([
    'model.read',
    'predict',
    'metrics.read',
    'facts.read',
    'overview.read',
    'performance.read',
    'data.read',
    'what-if',
  ]),
  admin: new Set(PERMISSIONS),
  service: new Set(['model.read', 'predict', 'metrics.read', 'outcomes.write']),
};

/**
 * What a route asks for. Files of the documentation page belong to `GET /docs`, and HEAD asks for what GET does.
 *
 * @throws an internal fault for a route that the table does not have.
 */
export function permissionOf(method: string, url: string): Permission {
  const path = url.startsWith('/docs') ? '/docs' : url;
  const permission = ROUTES[`${method === 'HEAD' ? 'GET' : method} ${path}`];
  if (permission !== undefined) return permission;
  throw new Error(`${method} ${url} is not in the table of permissions`);
}

/** The methods and patterns that a path takes; none where there is no such path. */
export function patternsOf(path: string): { readonly method: string; readonly url: string }[] {
  return Object.keys(ROUTES).flatMap((route) => {
    const [method = '', url = ''] = route.split(' ');
    if (!fits(url, path)) return [];
    return (method === 'GET' ? ['GET', 'HEAD'] : [method]).map((one) => ({ method: one, url }));
  });
}

/** Whether a path is one of a pattern: `:id` stands for one part of it, `*` for all that follows. */
function fits(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const parts = path.split('/');
  const isOpen = wanted.at(-1) === '*';
  if (isOpen ? parts.length < wanted.length : parts.length !== wanted.length) return false;
  return wanted.every((part, index) =>
    part.startsWith(':') ? parts[index] !== '' : part === '*' || part === parts[index],
  );
}

/** Whether the role has the right. */
export const hasPermission = (role: Role, permission: Permission): boolean =>
  permission === 'public' || ROLE_PERMISSIONS[role].has(permission);

/** HF613 where the role does not have the right. */
export function requirePermission(role: Role, permission: Permission): void {
  if (hasPermission(role, permission)) return;
  const roles = Object.entries(ROLE_PERMISSIONS).flatMap(([name, rights]) =>
    rights.has(permission) ? [name] : [],
  );
  throw new HoldfastError('HF613', {
    message: `the role ${role} does not have the right ${permission}`,
    hint: `use a key of one of the roles ${roles.join(', ')}`,
  });
}
