import type { WorkRow } from '../../desk/index.ts';
import { statusOf, type WorkState } from '../../work/index.ts';

/** What the state of an entity is seen beside, but for its tier. Days are `YYYY-MM-DD`. */
export interface WorkDay {
  readonly today: string;
  readonly scoreDate: string;
  readonly restDays: number;
}

/** The row of an entity that somebody worked on. */
export function workRowOf(id: string, state: WorkState, day: WorkDay): WorkRow {
  const ifContacted = statusOf(state, { ...day, isContacted: true });
  // A reason outlives the snooze or the suppression that it was for.
  const isHeld = ifContacted.status === 'snoozed' || ifContacted.status === 'suppressed';
  return {
    id,
    ifContacted,
    ifNotContacted: statusOf(state, { ...day, isContacted: false }),
    assignee: state.assignee,
    until: ifContacted.status === 'snoozed' ? state.snoozedUntil : null,
    reason: isHeld ? state.reason : null,
    lastOutcome: state.lastOutcome,
    lastContactAt: state.lastContactAt,
    contacts: state.contacts,
  };
}
