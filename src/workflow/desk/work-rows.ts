import type { Work, WorkRow } from '../../desk/index.ts';
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

/** What people did about an entity, as a page shows it. */
export function workOf(id: string, state: WorkState, day: WorkDay, isContacted: boolean): Work {
  const row = workRowOf(id, state, day);
  return {
    ...(isContacted ? row.ifContacted : row.ifNotContacted),
    assignee: row.assignee,
    until: row.until,
    reason: row.reason,
    last_outcome: row.lastOutcome,
    last_contact_at: row.lastContactAt,
    contacts: row.contacts,
  };
}
