/** The record of work as the desk needs it. */
import type { Person, WorkRecord, WorkState } from '../../work/index.ts';
import type { WorkRequest } from '../../desk/index.ts';

export interface WorkBook extends AsyncDisposable {
  states(): ReadonlyMap<string, WorkState>;
  history(entityId: string): Promise<readonly WorkRecord[]>;
  record(
    entityId: string,
    request: WorkRequest,
    actor: Person & { readonly isLead: boolean },
  ): Promise<WorkState>;
  /** The first of these that is nobody's becomes the actor's. */
  takeFirst(
    entityIds: AsyncIterable<string> | readonly string[],
    actor: Person & { readonly isLead: boolean },
  ): Promise<string | null>;
  /** Reads what other processes wrote; the ids that they changed. */
  refresh(): Promise<ReadonlySet<string>>;
}
