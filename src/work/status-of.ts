import { addDays } from '../domain/index.ts';
import type { WorkState, WorkStatus } from './work-book.ts';

/** What the state of an entity is seen beside. Days are `YYYY-MM-DD`. */
export interface StatusFacts {
  readonly today: string;
  /** Of the newest scores. */
  readonly scoreDate: string;
  /** Whether anybody contacts entities of its tier. */
  readonly isContacted: boolean;
  /** A matter that a contact settled rests for so many days: scores of this time do not make it due again. */
  readonly restDays: number;
}

/** What an entity is today, and in words what made it so; null where that is its tier alone. */
export interface StatusToday {
  readonly status: WorkStatus;
  readonly rule: string | null;
}

/** Suppressed goes before snoozed, which goes before all that depends on its tier. */
export function statusOf(state: WorkState | undefined, facts: StatusFacts): StatusToday {
  const { today, scoreDate, isContacted, restDays } = facts;
  if (state?.hasLeft === true) return { status: 'suppressed', rule: 'left' };
  if (state?.suppressedBy) return { status: 'suppressed', rule: `suppressed by ${state.suppressedBy.name}` };
  if (state?.snoozedUntil && state.snoozedUntil >= today)
    return { status: 'snoozed', rule: `snoozed until ${state.snoozedUntil}` };
  if (!isContacted) return { status: 'none', rule: null };
  const settledOn = state?.settledAt?.slice(0, 10);
  if (settledOn !== undefined && scoreDate < addDays(settledOn, restDays))
    return { status: 'done', rule: `settled on ${settledOn}` };
  return { status: 'due', rule: null };
}
