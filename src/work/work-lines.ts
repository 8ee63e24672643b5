/** Records as the lines that a store keeps. */
import type { WorkLine, WorkLines } from '../store/index.ts';
import type { Person, WorkLog, WorkRecord } from './work-book.ts';

/** A log over the lines of a store, which it closes. */
export function workLogOf(lines: WorkLines): WorkLog {
  return {
    append: (record) => lines.append(lineOf(record)),
    readFrom: async (sequence) => (await lines.readFrom(sequence)).map(recordOf),
    [Symbol.asyncDispose]: () => lines[Symbol.asyncDispose](),
  };
}

function lineOf({ sequence, at, by, entityId, action, assignee, ...rest }: WorkRecord): WorkLine {
  return {
    sequence,
    at,
    by_id: by.id,
    by_name: by.name,
    entity_id: entityId,
    action,
    assignee_id: assignee?.id ?? null,
    assignee_name: assignee?.name ?? null,
    until: rest.until,
    reason: rest.reason,
    outcome: rest.outcome,
    note: rest.note,
  };
}

function recordOf(line: WorkLine): WorkRecord {
  return {
    sequence: line.sequence,
    at: line.at,
    by: { id: line.by_id, name: line.by_name },
    entityId: line.entity_id,
    action: line.action as WorkRecord['action'],
    assignee: personOf(line.assignee_id, line.assignee_name),
    until: line.until,
    reason: line.reason,
    outcome: line.outcome as WorkRecord['outcome'],
    note: line.note,
  };
}

const personOf = (id: string | null, name: string | null): Person | null =>
  id === null ? null : { id, name: name ?? id };
