import { NativeSelect, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import type { CustomerRow, People } from '../../../../src/desk/contract.ts';
import { peopleQuery, sessionQuery } from '../../api/queries.ts';
import { ErrorState, Loading } from '../states.tsx';
import { Dialog, FormDialog } from './dialog.tsx';
import type { WorkDialogProps } from './work-dialogs.tsx';
import { shortId } from './words.ts';

/** Gives one to somebody: the first letters of a name choose, Enter records. */
export function GiveDialog(props: WorkDialogProps) {
  const people = useQuery(peopleQuery);
  const { data: session } = useQuery(sessionQuery);
  const { row, onClose } = props;
  const title = `Give ${shortId(row.id)} to …`;
  if (people.isPending)
    return (
      <Dialog title={title} onClose={onClose}>
        <Loading lines={2} />
      </Dialog>
    );
  if (people.isError)
    return (
      <Dialog title={title} onClose={onClose}>
        <ErrorState error={people.error} onRetry={() => void people.refetch()} />
      </Dialog>
    );
  const choices = choicesOf(people.data.people, row, session?.id ?? null);
  if (choices.length === 0)
    return (
      <Dialog title={title} onClose={onClose}>
        <Text size="sm">
          There is nobody else to give it to: <code>holdfast keys create --role agent --name …</code> makes
          somebody a key.
        </Text>
      </Dialog>
    );
  return <GiveForm {...props} title={title} choices={choices} />;
}

interface GiveFormProps extends WorkDialogProps {
  readonly title: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
}

function GiveForm({ row, work, onSend, onClose, title, choices }: GiveFormProps) {
  const [to, setTo] = useState('');
  const onKeyDown = (event: KeyboardEvent<HTMLSelectElement>) => {
    // A list takes Enter for itself in some browsers and ignores it in others: here it records, as in all dialogs.
    if (event.key !== 'Enter') return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  };
  return (
    <FormDialog
      title={title}
      submitLabel="Give"
      isReady={to !== ''}
      isPending={work.isPending}
      error={work.error}
      onClose={onClose}
      onSubmit={() => {
        onSend({ action: 'assign', to });
      }}
    >
      <NativeSelect
        label="Whom?"
        description={
          row.work.assignee === null ? 'It is nobody’s now.' : `It is ${row.work.assignee.name}’s now.`
        }
        data={[{ value: '', label: 'Choose somebody', disabled: true }, ...choices]}
        value={to}
        data-first-focus
        onChange={(event) => {
          setTo(event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
      />
    </FormDialog>
  );
}

/** All but whose it is already; those who share a name with somebody are told apart by their role and their id. */
function choicesOf(
  people: People['people'],
  { work: { assignee } }: CustomerRow,
  self: string | null,
): { value: string; label: string }[] {
  return people
    .filter(({ id }) => id !== assignee?.id)
    .map(({ id, name, role }) => {
      const isAlone = people.filter((other) => other.name === name).length === 1;
      const note = [...(id === self ? ['me'] : []), role, ...(isAlone ? [] : [id])].join(', ');
      return { value: id, label: `${name} (${note})` };
    });
}
