/** Contacts by entity over months, for the uncertainty of a precision in which the same entities come again. */
import { type Interval, ratioInterval } from '../domain/index.ts';

/** How often each entity was contacted, and in how many of these months its event came. */
export type EntityContacts = Map<number, { contacted: number; caught: number }>;

export function addContact(contacts: EntityContacts, entity: number, isCaught: boolean): void {
  const own = contacts.get(entity) ?? { contacted: 0, caught: 0 };
  contacts.set(entity, {
    contacted: own.contacted + 1,
    caught: own.caught + (isCaught ? 1 : 0),
  });
}

/** The 95 % interval of the share of contacts that were caught, over one list or several together; null for fewer than two entities. */
export function precisionOver(lists: readonly EntityContacts[]): Interval | null {
  const all: EntityContacts = new Map();
  for (const contacts of lists)
    for (const [entity, { contacted, caught }] of contacts) {
      const own = all.get(entity) ?? { contacted: 0, caught: 0 };
      all.set(entity, { contacted: own.contacted + contacted, caught: own.caught + caught });
    }
  // In the order of entities, so that the draws do not depend on that of lists and ranks.
  const counts = [...all.entries()].sort(([a], [b]) => a - b).map(([, count]) => count);
  return ratioInterval(
    Float64Array.from(counts, ({ caught }) => caught),
    Float64Array.from(counts, ({ contacted }) => contacted),
  );
}
