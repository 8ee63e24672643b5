import { Text } from '@mantine/core';
import type { Customer } from '../../../../src/desk/contract.ts';
import { instant } from '../../ui/format.ts';
import { eventText } from '../../ui/work/words.ts';
import classes from './customer.module.css';
import { Section } from './section.tsx';

const EVENTS_AT_MOST = 50;

/** Who did what about it, the newest first. */
export function WorkHistory({ page: { work_history: events } }: { readonly page: Customer }) {
  const newest = [...events].sort((a, b) => b.at.localeCompare(a.at)).slice(0, EVENTS_AT_MOST);
  return (
    <Section title="Work so far">
      {newest.length === 0 ? <Text size="sm">Nobody has worked on it yet.</Text> : null}
      <ol className={classes['timeline']}>
        {newest.map((event, index) => (
          <li key={index}>
            <time dateTime={event.at}>{instant(event.at)}</time>
            <div>
              <strong>{eventText(event)}</strong> <span>by {event.by.name}</span>
              {[event.reason, event.note].map((text, place) =>
                text === null ? null : (
                  <span key={place} className={classes['evidence']}>
                    {text}
                  </span>
                ),
              )}
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}
