import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import type { Customer } from '../../../../src/desk/contract.ts';
import { day, featureValue } from '../../ui/format.ts';
import { counted } from '../../ui/words.ts';
import classes from './customer.module.css';
import { Section } from './section.tsx';

const ROWS_FIRST = 8;
const ROWS_AT_MOST = 60;

/** What is known of its past, the newest first. */
export function Timeline({ page }: { readonly page: Customer }) {
  const [isWhole, setIsWhole] = useState(false);
  const { timeline } = page;
  const rows = timeline.slice(0, isWhole ? ROWS_AT_MOST : ROWS_FIRST);
  const hidden = timeline.length - rows.length + page.timeline_left_out;
  return (
    <Section title="Timeline">
      {timeline.length === 0 ? <Text size="sm">Nothing is known of the time before this score.</Text> : null}
      <ol className={classes['timeline']}>
        {rows.map(({ date, label, fields }, index) => (
          <li key={index}>
            <time dateTime={date}>{day(date)}</time>
            <div>
              <strong>{label}</strong>
              <span className={classes['fields']}>
                {fields.map(({ name, value, unit }) => (
                  <span key={name}>
                    {name} <b>{shown(value, unit)}</b>
                  </span>
                ))}
              </span>
            </div>
          </li>
        ))}
      </ol>
      {hidden === 0 ? null : isWhole || timeline.length <= ROWS_FIRST ? (
        <Text size="sm" c="dimmed">
          {counted(hidden, 'older row')} {hidden === 1 ? 'is' : 'are'} not shown.
        </Text>
      ) : (
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            setIsWhole(true);
          }}
        >
          Show older ones
        </Button>
      )}
    </Section>
  );
}

/** Days, fractions and measures as people read them; all else as it was written, since digits may be a name. */
function shown(value: string, unit: string | null): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return day(value);
  const isMeasure = unit === null ? /^-?\d+\.\d+$/.test(value) : /^-?\d+(?:\.\d+)?$/.test(value);
  return isMeasure ? featureValue(Number(value), unit) : value;
}
