/** What records come to. */
import type { WorkRecord, WorkState } from './work-book.ts';

/** An entity that nobody has done anything about. */
export const UNTOUCHED: WorkState = {
  assignee: null,
  snoozedUntil: null,
  suppressedBy: null,
  reason: null,
  hasLeft: false,
  settledAt: null,
  lastOutcome: null,
  lastContactAt: null,
  contacts: 0,
};

/** The state after a record. Every record says whose the entity is from then on. */
export function fold(state: WorkState, record: WorkRecord): WorkState {
  const { assignee, action, at, by, until, reason } = record;
  const next = { ...state, assignee };
  switch (action) {
    case 'assign':
    case 'release':
      return next;
    case 'snooze':
      // What was settled is taken up again on that day.
      return { ...next, snoozedUntil: until, reason, settledAt: null };
    case 'suppress':
      return { ...next, suppressedBy: by, snoozedUntil: null, reason };
    case 'resume':
      return {
        ...next,
        snoozedUntil: null,
        suppressedBy: null,
        reason: null,
        hasLeft: false,
        settledAt: null,
      };
    case 'contact': {
      const told = { ...next, lastOutcome: record.outcome, lastContactAt: at, contacts: state.contacts + 1 };
      // Nobody was reached: all stays as it was.
      if (record.outcome === 'no_answer') return told;
      // A snooze has served its purpose, a suppression has not.
      const snooze = state.suppressedBy === null ? { snoozedUntil: null, reason: null } : {};
      return { ...told, ...snooze, settledAt: at, hasLeft: state.hasLeft || record.outcome === 'left' };
    }
  }
}
