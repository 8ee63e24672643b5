/** A desk of a real book of work over entities `e1`, `e2` and so on, which are all due and nobody has scored. */
import type { Customers, CustomerRow, Work } from '../../src/desk/index.ts';
import { type Clock, HoldfastError } from '../../src/kernel/index.ts';
import { statusOf, type WorkBook } from '../../src/work/index.ts';
import type { Desk } from '../../src/workflow/index.ts';

const COUNT = 300;

export function deskOfBook(book: WorkBook, clock: Clock): Desk {
  const ids = Array.from({ length: COUNT }, (_, index) => `e${String(index + 1)}`);
  const facts = () => {
    const today = clock.now().toISOString().slice(0, 10);
    return { today, scoreDate: today, isContacted: true, restDays: 14 };
  };
  const workOf = (id: string): Work => {
    const state = book.states().get(id);
    return {
      ...statusOf(state, facts()),
      assignee: state?.assignee ?? null,
      until: state?.snoozedUntil ?? null,
      reason: state?.reason ?? null,
      last_outcome: state?.lastOutcome ?? null,
      last_contact_at: state?.lastContactAt ?? null,
      contacts: state?.contacts ?? 0,
    };
  };
  const rowOf = (id: string): CustomerRow => ({
    id,
    tier: 'RED',
    tier_before: null,
    action: null,
    owner: null,
    sla: null,
    contact_by: null,
    probabilities: [],
    remaining_value: null,
    value_at_risk: null,
    expected_gain: null,
    reasons: [],
    intervention: null,
    work: workOf(id),
  });
  const none = (): Promise<never> => Promise.reject(new Error('this desk has work alone'));
  return {
    facts: none,
    overview: none,
    customers: (): Promise<Customers> => none(),
    exportCustomers: none,
    customer: none,
    performance: none,
    data: none,
    whatIf() {
      throw new Error('this desk has work alone');
    },
    whatIfStart: none,
    async work(id, request, actor) {
      if (!ids.includes(id)) throw new HoldfastError('HF603', { message: 'there is no such entity' });
      await book.record(id, request, actor);
      return workOf(id);
    },
    async next(query, actor) {
      const wanted = ids.filter((id) => id.startsWith(query.search ?? ''));
      const isDue = (state: Parameters<typeof statusOf>[0]) => statusOf(state, facts()).status === 'due';
      const id = await book.takeFirst(wanted, actor, isDue);
      return id === null ? null : rowOf(id);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
