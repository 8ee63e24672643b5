/** Who may do what: the one table of routes and rights, and the one of roles. */
import { HoldfastError } from '../kernel/index.ts';
import type { Role } from '../store/index.ts';

/** A right that a route asks for; `public` asks for none. */
export type Permission =
  'public' | 'predict' | 'model.read' | 'metrics.read' | 'outcomes.write' | 'admin.reload';

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
};

/** What each role may do beside what is public. */
export const ROLE_PERMISSIONS: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  viewer: new Set(['model.read']),
  agent: new Set(['model.read', 'predict', 'outcomes.write']),
  lead: new Set(['model.read', 'predict', 'outcomes.write']),
  'data-scientist': new Set(['model.read', 'predict', 'metrics.read']),
  admin: new Set(['model.read', 'predict', 'metrics.read', 'outcomes.write', 'admin.reload']),
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

/** The methods that a path takes; none where there is no such path. */
export function methodsOf(path: string): string[] {
  return Object.keys(ROUTES).flatMap((route) => {
    const [method = '', url] = route.split(' ');
    if (url !== path) return [];
    return method === 'GET' ? ['GET', 'HEAD'] : [method];
  });
}

/** HF613 where the role does not have the right. */
export function requirePermission(role: Role, permission: Permission): void {
  if (permission === 'public' || ROLE_PERMISSIONS[role].has(permission)) return;
  const roles = Object.entries(ROLE_PERMISSIONS).flatMap(([name, rights]) =>
    rights.has(permission) ? [name] : [],
  );
  throw new HoldfastError('HF613', {
    message: `the role ${role} does not have the right ${permission}`,
    hint: `use a key of one of the roles ${roles.join(', ')}`,
  });
}
