/** Who asks, as the desk knows people, and what is noted of their looking at entities. */
import type { FastifyRequest } from 'fastify';
import type { People } from '../desk/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { LookRecord } from '../store/index.ts';
import type { Actor } from '../workflow/index.ts';
import type { KeyRing } from './key-ring.ts';
import { hasPermission } from './permissions.ts';
import type { ServerParts } from './settings.ts';

/** Whoever was identified; only routes that ask for a right may call it. */
export function actorOf({ caller }: FastifyRequest): Actor {
  if (caller === null) throw new Error('the route is public: nobody was identified');
  return { id: caller.id, name: caller.name, isLead: hasPermission(caller.role, 'work.lead') };
}

/** Finds who may be given work by the id of their key: holders of valid keys whose role may record work. */
export const workersOf =
  (keys: KeyRing): ((id: string) => { readonly id: string; readonly name: string } | undefined) =>
  (id) => {
    try {
      const holder = keys.holder(id);
      return holder.id === id && hasPermission(holder.role, 'work.write') ? holder : undefined;
    } catch (error) {
      if (error instanceof HoldfastError) return undefined;
      throw error;
    }
  };

/** All of them, by name. */
export const allWorkers = (keys: KeyRing): People['people'] =>
  keys
    .holders()
    .filter(({ role }) => hasPermission(role, 'work.write'))
    .map(({ id, name, role }) => ({ id, name, role }))
    .sort((a, b) => a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1));

/** What somebody looks at. */
export interface Look {
  readonly what: LookRecord['what'];
  readonly entityId?: string;
  /** Rows of a list. */
  readonly rows?: number;
  /** What a list is filtered by. */
  readonly filter?: object;
}

/** Records a look; it is on disk when this is done, and no answer leaves before. HF631 where that fails. */
export async function noteLook(
  { looks, clock }: Pick<ServerParts, 'looks' | 'clock'>,
  request: FastifyRequest,
  { what, entityId, rows, filter }: Look,
): Promise<void> {
  const { caller } = request;
  if (looks === undefined || caller === null)
    throw new Error('a route shows entities, and nothing records who looks');
  await looks.add({
    at: clock.now().toISOString(),
    by_id: caller.id,
    by_name: caller.name,
    by_role: caller.role,
    what,
    entity_id: entityId ?? null,
    rows: rows ?? null,
    filter: filter === undefined ? null : { ...filter },
    request_id: request.id,
  });
}
