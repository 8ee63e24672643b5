/**
 * The history of the registry on disk: one JSON line an event, only ever appended, in `models/history.jsonl`.
 *
 * A line is written in one call, so that a killed process leaves all of it or a torn line that readers skip. Two
 * writers that read the same state append two events of the same number: the first line stands, the writer of the
 * second one finds the other's in its place and looks again. No lock can be left behind by a process that died.
 */
import path from 'node:path';
import { hashOf, HoldfastError } from '../kernel/index.ts';
import { openAppendLog } from '../store/index.ts';
import { CHANGE_KINDS, type RegistryEvent } from './state.ts';

export interface History {
  /** The events that stand, oldest first. HF503 where one is missing in between. */
  read(): Promise<RegistryEvent[]>;
  /** Appends an event; false where another one has its number already. */
  append(event: RegistryEvent): Promise<boolean>;
}

export function openHistory(models: string): History {
  const file = path.join(models, 'history.jsonl');
  const log = openAppendLog<RegistryEvent>(file);
  const read = async (): Promise<RegistryEvent[]> => {
    const events: RegistryEvent[] = [];
    for (const event of await log.read()) {
      requireKnown(event, file);
      if (event.number === events.length + 1) events.push(event);
      else if (!(event.number <= events.length))
        throw new HoldfastError('HF503', {
          message: `the history of the models is damaged: event ${String(events.length + 1)} is missing before ${String(event.number)}`,
          hint: 'restore the file from a backup',
          place: { file },
        });
    }
    return events;
  };
  return {
    read,
    async append(event) {
      await log.append(event);
      return (await read())[event.number - 1]?.id === event.id;
    },
  };
}

/** A change of a kind that this version does not know must not be taken for none. */
function requireKnown(event: unknown, file: string): void {
  const isEvent = typeof event === 'object' && event !== null && 'number' in event && 'kind' in event;
  if (isEvent && Number.isInteger(event.number) && CHANGE_KINDS.has(String(event.kind))) return;
  throw new HoldfastError('HF503', {
    message: isEvent
      ? `the history of the models has an event of the kind ${JSON.stringify(event.kind)}, which this version does not know`
      : 'the history of the models has a line that is no event',
    hint: 'use the version of Holdfast that wrote it, or restore the file from a backup',
    place: { file },
  });
}

/** Number of the first event that is not the one its successor was written after; undefined where all are. */
export function firstBrokenLink(events: readonly RegistryEvent[]): number | undefined {
  const broken = events.findIndex(({ previous }, index) => previous !== linkTo(events[index - 1]));
  return broken < 0 ? undefined : Math.max(broken, 1);
}

/** What the event after this one holds of it. */
export const linkTo = (event: RegistryEvent | undefined): string | null =>
  event === undefined ? null : hashOf(event);
