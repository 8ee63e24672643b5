/** What people did about entities, as it stands now: the record of work folded into one state an entity. */

import type { ContactOutcome, WorkAction } from '../domain/index.ts';

/** Who did something, or whose it is. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** A line of the record. Lines are only ever added. */
export interface WorkRecord {
  /** From 1, without gaps: of two writers who take the same number, one is refused. */
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: Person;
  readonly entityId: string;
  readonly action: WorkAction;
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

/** Who acts. */
export interface Worker extends Person {
  /** May give work to others, and act on what is somebody else's. */
  readonly isLead: boolean;
}

/** What somebody does about an entity; a document that the interface checked is one. */
export type WorkCommand =
  /** Without `to`, the id of a person, to whoever acts. */
  | { readonly action: 'assign'; readonly to?: string | undefined }
  | { readonly action: 'release' }
  | { readonly action: 'snooze'; readonly until: string; readonly reason: string }
  | { readonly action: 'suppress'; readonly reason: string }
  /** Makes it due again, whatever kept it from that. */
  | { readonly action: 'resume' }
  | {
      readonly action: 'contact';
      readonly outcome: ContactOutcome;
      readonly note?: string | undefined;
    };

/** Where the record is kept. HF631 where that cannot be reached or does not take anything, HF108 where it is damaged. */
export interface WorkLog extends AsyncDisposable {
  /** `taken`: it outlives the process. `conflict`: there is a record of this number already; nothing was added. */
  append(record: WorkRecord): Promise<'taken' | 'conflict'>;
  /** Records from this number on, in their order. */
  readFrom(sequence: number): Promise<WorkRecord[]>;
}

/** Disposing it closes its log. All but `refresh` throw HF631 where the record could never be read. */
export interface WorkBook extends AsyncDisposable {
  /** By entity; the same map all the time, which changes. Entities without a record are not in it. */
  states(): ReadonlyMap<string, WorkState>;
  /** Records of an entity, oldest first. */
  history(entityId: string): readonly WorkRecord[];
  /**
   * Decides and records, one after the other; it is safe when this is done.
   *
   * @throws HF630 where it is somebody else's, HF611 where it makes no sense, HF613 where only a lead may do it, HF631
   *   where it cannot be kept.
   */
  record(entityId: string, command: WorkCommand, actor: Worker): Promise<WorkState>;
  /**
   * Assigns to the actor the first entity that is nobody's and due; null where there is none. Of several who ask at
   * once, in other processes too, no two get the same. `isDue` is asked right before; without it an entity is due that
   * is neither suppressed nor snoozed nor settled.
   */
  takeFirst(
    entityIds: AsyncIterable<string> | Iterable<string>,
    actor: Worker,
    isDue?: (state: WorkState | undefined) => boolean,
  ): Promise<string | null>;
  /**
   * Reads what other processes recorded; gives the entities of all such records since it was asked the last time. Where
   * the log is away, and was read before, that is none for now.
   */
  refresh(): Promise<ReadonlySet<string>>;
}
