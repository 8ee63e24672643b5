/** What people did about entities, as it stands now: the record of work folded into one state an entity. */

/** Who did something, or whose it is. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

export const CONTACT_OUTCOMES = ['contacted', 'accepted_offer', 'refused', 'no_answer', 'left'] as const;
export type ContactOutcome = (typeof CONTACT_OUTCOMES)[number];

export const WORK_ACTIONS = ['assign', 'release', 'snooze', 'suppress', 'resume', 'contact'] as const;

/** A line of the record. Lines are only ever added. */
export interface WorkRecord {
  /** From 1, without gaps: of two writers who take the same number, one is refused. */
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: Person;
  readonly entityId: string;
  readonly action: (typeof WORK_ACTIONS)[number];
  readonly assignee: Person | null;
  /** Last day of a snooze, `YYYY-MM-DD`. */
  readonly until: string | null;
  readonly reason: string | null;
  readonly outcome: ContactOutcome | null;
  readonly note: string | null;
}

/** What the records of one entity come to. What it means today says `statusOf`. */
export interface WorkState {
  readonly assignee: Person | null;
  readonly snoozedUntil: string | null;
  readonly suppressedBy: Person | null;
  /** Why it is snoozed or suppressed. */
  readonly reason: string | null;
  /** It told somebody that it left. */
  readonly hasLeft: boolean;
  /** Contact that settled the matter; null where none did, or nobody was reached. */
  readonly settledAt: string | null;
  readonly lastOutcome: ContactOutcome | null;
  readonly lastContactAt: string | null;
  readonly contacts: number;
}

export type WorkStatus = 'due' | 'snoozed' | 'suppressed' | 'done' | 'none';
