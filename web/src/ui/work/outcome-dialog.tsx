import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Work } from '../../../../src/desk/contract.ts';
import { chooseByKey, Choices } from './choices.tsx';
import { FormDialog } from './dialog.tsx';
import type { WorkDialogProps } from './work-dialogs.tsx';
import { OUTCOME_CHOICES, shortId } from './words.ts';

const NOTE_LENGTH_AT_MOST = 2000;

/** What a contact came to: a letter, Enter. */
export function OutcomeDialog({ row, work, onSend, onClose }: WorkDialogProps) {
  const [outcome, setOutcome] = useState<Work['last_outcome']>(null);
  const [note, setNote] = useState('');
  return (
    <FormDialog
      title={`Outcome for ${shortId(row.id)}`}
      submitLabel="Record"
      isReady={outcome !== null}
      isPending={work.isPending}
      error={work.error}
      onClose={onClose}
      onKey={chooseByKey}
      onSubmit={() => {
        if (outcome === null) return;
        onSend({ action: 'contact', outcome, ...(note.trim() === '' ? {} : { note }) });
      }}
    >
      <Choices
        legend="What came of it?"
        name="outcome"
        choices={OUTCOME_CHOICES}
        value={outcome}
        onChange={(value) => {
          setOutcome(value as NonNullable<Work['last_outcome']>);
        }}
        hasFocus
      />
      <TextInput
        label="Note (optional)"
        value={note}
        maxLength={NOTE_LENGTH_AT_MOST}
        onChange={(event) => {
          setNote(event.currentTarget.value);
        }}
      />
    </FormDialog>
  );
}
