/** The record of work as it is kept: one line for everything that anybody did. */
import { HoldfastError } from '../kernel/index.ts';

/** A line, in the spelling of its columns. */
export interface WorkLine {
  /** From 1, without gaps. */
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by_id: string;
  readonly by_name: string;
  readonly entity_id: string;
  readonly action: string;
  /** Whose the entity is from then on; null: nobody's. */
  readonly assignee_id: string | null;
  readonly assignee_name: string | null;
  /** Last day of a snooze, `YYYY-MM-DD`. */
  readonly until: string | null;
  readonly reason: string | null;
  readonly outcome: string | null;
  readonly note: string | null;
}

export interface WorkLines extends AsyncDisposable {
  /** `taken`: it outlives the process. `conflict`: there are others by now. HF631 where it cannot be kept. */
  append(line: WorkLine): Promise<'taken' | 'conflict'>;
  /** Lines from this number on, in their order. HF631 where they cannot be reached, HF108 where they are damaged. */
  readFrom(sequence: number): Promise<WorkLine[]>;
}

/** HF631. */
export const notKept = (message: string, hint: string, cause?: unknown): HoldfastError =>
  new HoldfastError('HF631', { message, hint, ...(cause === undefined ? {} : { cause }) });
