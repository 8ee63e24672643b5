import type { FastifyRequest } from 'fastify';
import type { Actor } from '../workflow/index.ts';
import { ROLE_PERMISSIONS } from './permissions.ts';

/** Who asks, as the desk names them. */
export function actorOf({ caller }: FastifyRequest): Actor {
  if (caller === null) return { id: '', name: '', isLead: false };
  const { id, role } = caller;
  return { id, name: id, isLead: ROLE_PERMISSIONS[role].has('work.lead') };
}
