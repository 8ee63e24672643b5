import { useState } from 'react';
import { chooseByKey } from './choices.tsx';
import { FormDialog } from './dialog.tsx';
import { type Reason, ReasonField, reasonText } from './reason-field.tsx';
import type { WorkDialogProps } from './work-dialogs.tsx';
import { shortId } from './words.ts';

const REASONS = [
  { key: 'd', value: 'Asked not to be contacted' },
  { key: 'c', value: 'A complaint is open' },
  { key: 'w', value: 'Contact details are wrong' },
  { key: 'e', value: 'Handled elsewhere' },
];

/** Leaves one out until somebody takes it up again. It asks for a reason, since it has no end. */
export function SuppressDialog({ row, work, onSend, onClose }: WorkDialogProps) {
  const [reason, setReason] = useState<Reason>({ choice: null, other: '' });
  const text = reasonText(reason);
  return (
    <FormDialog
      title={`Suppress ${shortId(row.id)}`}
      submitLabel="Suppress"
      isReady={text !== ''}
      isPending={work.isPending}
      error={work.error}
      onClose={onClose}
      onKey={chooseByKey}
      onSubmit={() => {
        if (text !== '') onSend({ action: 'suppress', reason: text });
      }}
    >
      <ReasonField choices={REASONS} reason={reason} onChange={setReason} hasFocus />
    </FormDialog>
  );
}
