/** What stands of work, in words. */
import type { CustomerRow, Facts, Work, WorkEvent } from '../../../../src/desk/contract.ts';
import { day, DAY_MS, instant } from '../format.ts';
import { scoreAge } from '../score-age.ts';
import { sentence } from '../states.tsx';
import { counted } from '../words.ts';

type Outcome = NonNullable<Work['last_outcome']>;

/** Outcomes by the key that records them. */
export const OUTCOME_CHOICES = [
  { key: 'c', value: 'contacted', label: 'Contacted' },
  { key: 'a', value: 'accepted_offer', label: 'Accepted the offer' },
  { key: 'r', value: 'refused', label: 'Refused' },
  { key: 'n', value: 'no_answer', label: 'No answer' },
  { key: 'l', value: 'left', label: 'Has left' },
] as const satisfies readonly { key: string; value: Outcome; label: string }[];

export const outcomeLabel = (outcome: Outcome): string =>
  OUTCOME_CHOICES.find(({ value }) => value === outcome)?.label ?? outcome;

const SHORT_ID_LETTERS = 12;
/** Ids that are longer, such as hashes, are cut where they are only named. */
const ID_LETTERS_AT_MOST = 18;

/** An id as it is spoken of: its beginning, which the queue can be searched by. */
export const shortId = (id: string): string =>
  id.length <= ID_LETTERS_AT_MOST ? id : `${id.slice(0, SHORT_ID_LETTERS)}…`;

export interface Deadline {
  readonly text: string;
  /** The text is the day itself. */
  readonly isDate: boolean;
  readonly isOverdue: boolean;
}

/**
 * `3 days late`, `In 5 days`; the day alone where it is not due, or of scores so old that being late says nothing. Null
 * where there is none.
 */
export function deadlineOf(
  { contact_by: by, work }: Pick<CustomerRow, 'contact_by'> & { readonly work: Pick<Work, 'status'> },
  facts: Pick<Facts, 'score_dates' | 'horizons'>,
  now = Date.now(),
): Deadline | null {
  if (by === null) return null;
  if (work.status !== 'due' || scoreAge(facts, now).isOld)
    return { text: day(by), isDate: true, isOverdue: false };
  const left = new Date(by).getTime() - now;
  const days = Math.floor(Math.abs(left) / DAY_MS);
  if (left < 0)
    return {
      text: days === 0 ? 'Late since today' : `${counted(days, 'day')} late`,
      isDate: false,
      isOverdue: true,
    };
  return {
    text: days === 0 ? `By ${instant(by)}` : `In ${counted(days, 'day')}`,
    isDate: false,
    isOverdue: false,
  };
}

/** Days within a sentence of the server as people write them. */
const withDays = (text: string): string => text.replace(/\d{4}-\d{2}-\d{2}/g, (found) => day(found));

/** What keeps it from being due, and why; null where nothing does. */
export function ruleOf({ status, rule, reason, last_outcome: outcome }: Work): {
  readonly text: string;
  readonly why: string | null;
} | null {
  if (status === 'due') return null;
  if (status === 'none') return { text: 'Nobody is to contact', why: null };
  const text =
    rule === 'left' ? 'Suppressed: has left' : sentence(withDays(rule ?? status)).replace(/\.$/, '');
  return { text, why: status === 'done' && outcome !== null ? outcomeLabel(outcome) : reason };
}

/** A line of the record of work. */
export function eventText(event: WorkEvent): string {
  switch (event.action) {
    case 'assign':
      return event.assignee?.id === event.by.id
        ? 'Took it'
        : `Gave it to ${event.assignee?.name ?? 'somebody'}`;
    case 'release':
      return 'Put it back for others';
    case 'snooze':
      return `Snoozed until ${day(event.until)}`;
    case 'suppress':
      return 'Suppressed';
    case 'resume':
      return 'Took it up again';
    case 'contact':
      return event.outcome === null ? 'Contacted' : outcomeLabel(event.outcome);
  }
}
