import path from 'node:path';
import { openAppendLog } from './append-log.ts';

/** What became of an entity, as somebody reported it. */
export interface OutcomeRecord {
  readonly reported_at: string;
  /** By the same keyed hash as predictions. */
  readonly entity_hash: string;
  /** Whether it left. */
  readonly left: boolean;
  /** Day on which that was so, in ISO 8601. */
  readonly observed_on: string;
  readonly request_id: string;
}

export interface OutcomeLog {
  /** On disk when this is done. */
  append(record: OutcomeRecord): Promise<void>;
}

export const outcomeFile = (stateFolder: string): string => path.join(stateFolder, 'outcomes.jsonl');

/** Opens the log of reported outcomes; the file appears with the first one. */
export const openOutcomeLog = (stateFolder: string): OutcomeLog => {
  const log = openAppendLog<OutcomeRecord>(outcomeFile(stateFolder));
  return { append: (record) => log.append(record) };
};
