import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { DAY_MS } from '../format.ts';
import { chooseByKey, Choices } from './choices.tsx';
import { FormDialog } from './dialog.tsx';
import { type Reason, ReasonField, reasonText } from './reason-field.tsx';
import type { WorkDialogProps } from './work-dialogs.tsx';
import { shortId } from './words.ts';

const LONGEST_DAYS = 365;
const USUAL_DAYS = '7';
const DATE = 'date';

const LENGTHS = [
  { key: '1', value: '1', label: '1 day' },
  { key: '2', value: '3', label: '3 days' },
  { key: '3', value: USUAL_DAYS, label: '1 week' },
  { key: '4', value: '14', label: '2 weeks' },
  { key: '5', value: DATE, label: 'Until a day' },
];
const REASONS = [
  { key: 'l', value: 'Asked to be contacted later' },
  { key: 'w', value: 'Waiting for an answer' },
  { key: 'a', value: 'Away' },
] as const;

const dayIn = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

/** Puts one off: Enter for a week, a digit for another time, a letter for another reason. */
export function SnoozeDialog({ row, work, onSend, onClose }: WorkDialogProps) {
  const [length, setLength] = useState(USUAL_DAYS);
  const [date, setDate] = useState(dayIn(1));
  const [reason, setReason] = useState<Reason>({ choice: REASONS[0].value, other: '' });
  const until = length === DATE ? date : dayIn(Number(length));
  const text = reasonText(reason);
  return (
    <FormDialog
      title={`Snooze ${shortId(row.id)}`}
      submitLabel="Snooze"
      isReady={until !== '' && text !== ''}
      isPending={work.isPending}
      error={work.error}
      onClose={onClose}
      onKey={chooseByKey}
      onSubmit={() => {
        onSend({ action: 'snooze', until, reason: text });
      }}
    >
      <Choices
        legend="For how long?"
        name="length"
        choices={LENGTHS}
        value={length}
        onChange={setLength}
        hasFocus
      />
      {length === DATE ? (
        <TextInput
          type="date"
          label="Last day"
          required
          min={dayIn(1)}
          max={dayIn(LONGEST_DAYS)}
          value={date}
          onChange={(event) => {
            setDate(event.currentTarget.value);
          }}
        />
      ) : null}
      <ReasonField choices={REASONS} reason={reason} onChange={setReason} />
    </FormDialog>
  );
}
