import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Work } from '../../../../src/desk/contract.ts';
import { sessionQuery } from '../../api/queries.ts';
import { chooseByKey, Choices } from './choices.tsx';
import { FormDialog } from './dialog.tsx';
import { draftOf, dropDraft, keepDraft, type OutcomeDraft } from './outcome-drafts.ts';
import type { WorkDialogProps } from './work-dialogs.tsx';
import { OUTCOME_CHOICES, shortId } from './words.ts';

const NOTE_LENGTH_AT_MOST = 2000;

/** What a contact came to: a letter, Enter. */
export function OutcomeDialog({ row, work, onSend, onClose }: WorkDialogProps) {
  const { data: session } = useQuery(sessionQuery);
  const by = session?.id ?? null;
  const [{ outcome, note }, setDraft] = useState(() => draftOf(by, row.id));
  const change = (draft: OutcomeDraft): void => {
    keepDraft(by, row.id, draft);
    setDraft(draft);
  };
  return (
    <FormDialog
      title={`Outcome for ${shortId(row.id)}`}
      submitLabel="Record"
      isReady={outcome !== null}
      isPending={work.isPending}
      error={work.error}
      onClose={() => {
        dropDraft(by, row.id);
        onClose();
      }}
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
          change({ outcome: value as NonNullable<Work['last_outcome']>, note });
        }}
        hasFocus
      />
      <TextInput
        label="Note (optional)"
        value={note}
        maxLength={NOTE_LENGTH_AT_MOST}
        onChange={(event) => {
          change({ outcome, note: event.currentTarget.value });
        }}
      />
    </FormDialog>
  );
}
