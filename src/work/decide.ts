/** Who may do what to an entity, and what is recorded of it. */
import { addDays } from '../domain/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { Person, WorkCommand, WorkRecord, WorkState, Worker } from './work-book.ts';

/** A record without its number, its instant and what it is about. */
export type Decision = Pick<WorkRecord, 'action' | 'assignee' | 'until' | 'reason' | 'outcome' | 'note'>;

export interface DecisionFacts {
  /** `YYYY-MM-DD`. */
  readonly today: string;
  /** Who has this id and may be given work; undefined where nobody has. */
  readonly person: (id: string) => Person | undefined;
}

const LONGEST_SNOOZE_DAYS = 366;
const NOTHING = { until: null, reason: null, outcome: null, note: null };
/** Databases do not take all of them, and nobody sees them; a note may have lines. */
const UNREADABLE = /[^\P{Cc}\n\t]/u;

/**
 * What is recorded where the actor does this to an entity of this state; null where it is so already. What was nobody's
 * becomes the actor's.
 *
 * @throws HF630 where it is somebody else's, HF611 where it makes no sense, HF613 where only a lead may do it.
 */
export function decide(
  state: WorkState,
  command: WorkCommand,
  actor: Worker,
  facts: DecisionFacts,
): Decision | null {
  requireOwn(state, actor);
  const self = { id: actor.id, name: actor.name };
  const own = { ...NOTHING, assignee: state.assignee ?? self };
  switch (command.action) {
    case 'assign': {
      const assignee = assigneeOf(command.to, actor, facts);
      if (assignee.id === state.assignee?.id) return null;
      return { ...NOTHING, action: 'assign', assignee };
    }
    case 'release':
      return state.assignee === null ? null : { ...NOTHING, action: 'release', assignee: null };
    case 'snooze':
      requireNotSuppressed(state);
      requireSoon(command.until, facts.today);
      return { ...own, action: 'snooze', until: command.until, reason: reasonOf(command.reason) };
    case 'suppress':
      requireNotSuppressed(state);
      return { ...own, action: 'suppress', reason: reasonOf(command.reason) };
    case 'resume':
      requireKept(state, actor, facts.today);
      return { ...own, action: 'resume' };
    case 'contact': {
      const note = readable('note', command.note ?? '');
      return { ...own, action: 'contact', outcome: command.outcome, note: note === '' ? null : note };
    }
  }
}

function requireOwn({ assignee }: WorkState, actor: Worker): void {
  if (assignee === null || assignee.id === actor.id || actor.isLead) return;
  throw new HoldfastError('HF630', {
    message: `${assignee.name} is at work on it`,
    hint: `ask ${assignee.name} to release it, or a lead to give it to you`,
  });
}

function assigneeOf(to: string | undefined, actor: Worker, { person }: DecisionFacts): Person {
  if (to === undefined || to === actor.id) return { id: actor.id, name: actor.name };
  if (!actor.isLead)
    throw new HoldfastError('HF613', {
      message: 'only a lead gives work to others',
      hint: 'take it yourself, or ask a lead',
    });
  const found = person(to);
  if (found === undefined)
    throw senseless('to', 'there is nobody of this id who may be given work', 'give the id of a valid key');
  return { id: found.id, name: found.name };
}

function requireNotSuppressed({ suppressedBy, hasLeft }: WorkState): void {
  if (suppressedBy === null && !hasLeft) return;
  throw senseless('action', 'it is suppressed', 'resume it first');
}

function requireKept(state: WorkState, { isLead }: Worker, today: string): void {
  const { suppressedBy, hasLeft, snoozedUntil, settledAt } = state;
  if (hasLeft && !isLead)
    throw new HoldfastError('HF613', {
      message: 'only a lead takes up again what has left',
      hint: 'ask a lead',
    });
  const isSnoozed = snoozedUntil !== null && snoozedUntil >= today;
  if (hasLeft || suppressedBy !== null || isSnoozed || settledAt !== null) return;
  throw senseless('action', 'nothing keeps it from being due', 'leave it');
}

function requireSoon(until: string, today: string): void {
  const last = addDays(today, LONGEST_SNOOZE_DAYS);
  if (until > today && until <= last) return;
  throw senseless('until', `a snooze ends after ${today}, and on ${last} at the latest`, 'choose such a day');
}

function reasonOf(text: string): string {
  const reason = readable('reason', text);
  if (reason === '')
    throw senseless('reason', 'the reason is empty', 'say why, for those who come after you');
  return reason;
}

function readable(field: string, text: string): string {
  if (UNREADABLE.test(text))
    throw senseless(field, 'the text holds a control character', 'send printable text and line breaks alone');
  return text.trim();
}

function senseless(field: string, message: string, hint: string): HoldfastError {
  return new HoldfastError('HF611', { message, hint, place: { field } });
}
