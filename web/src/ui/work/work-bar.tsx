import { Button, CloseButton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { CustomerRow, WorkRequest } from '../../../../src/desk/contract.ts';
import { ApiError } from '../../api/client.ts';
import { peopleQuery, sessionQuery } from '../../api/queries.ts';
import { sentence } from '../states.tsx';
import { Key } from './choices.tsx';
import { HelpDialog } from './help-dialog.tsx';
import { type KeyBinding, useKeys } from './keys.ts';
import { draftOf, dropDraft } from './outcome-drafts.ts';
import { useWork } from './use-work.ts';
import classes from './work-bar.module.css';
import { WORK_DIALOGS, type WorkDialogName } from './work-dialogs.tsx';
import { outcomeLabel, shortId } from './words.ts';

/** The server's answer where something is at work by somebody else. */
const CONFLICT = 409;

const MARKS = { done: '✓', refusal: '⚠', fact: 'ℹ' } as const;

/** What came of something, said in the bar. */
export interface Notice {
  readonly text: string;
  readonly kind: keyof typeof MARKS;
  /** The way on. */
  readonly link?: ReactNode;
}

interface OpenDialog {
  readonly name: WorkDialogName;
  /** Of the page that it was opened on. */
  readonly scope: string | undefined;
  /** Whom it is about; the list behind it may change. */
  readonly row: CustomerRow;
}

/** What can be done about a row now, with the key of each. */
interface Deed {
  readonly key: string;
  readonly label: string;
  readonly says: string;
  readonly run: () => void;
}

export interface WorkBarProps {
  /** Whom the actions are about. */
  readonly row: CustomerRow | undefined;
  /** A dialog that was opened in one is gone in another. */
  readonly scope?: string;
  /** Keys of the page, before those of the work. */
  readonly bindings: readonly KeyBinding[];
  /** What the page has to say itself, newer than what the bar has. */
  readonly said?: Notice | null;
  readonly onDismiss?: () => void;
  readonly children?: ReactNode;
}

/** What can be done about one, always in reach: a bar at the foot of the page, its keys, and its dialogs. */
export function WorkBar({ row, scope, bindings, said = null, onDismiss, children }: WorkBarProps) {
  const { data: session } = useQuery(sessionQuery);
  const work = useWork();
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const shown = useRef(dialog);
  useEffect(() => {
    shown.current = dialog;
  }, [dialog]);
  const [isHelpOpen, setIsHelpOpen] = useState(false);
  const [own, setOwn] = useState<Notice | null>(null);
  const notice = said ?? own;
  const setNotice = (next: Notice | null) => {
    onDismiss?.();
    setOwn(next);
  };

  const send = async (about: CustomerRow, request: WorkRequest): Promise<void> => {
    // It may be closed, and another one opened, before the answer comes.
    const close = () => {
      setDialog((now) => (now === dialog ? null : now));
    };
    try {
      const { assignee } = await work.mutateAsync({ row: about, request });
      if (request.action === 'contact') dropDraft(session?.id ?? null, about.id);
      close();
      setNotice({ text: `${shortId(about.id)}: ${doneText(request, assignee?.name)}.`, kind: 'done' });
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      // A dialog stays open where what was typed may be mended; what is somebody else's is not.
      const isConflict = error instanceof ApiError && error.status === CONFLICT;
      if (dialog !== null && shown.current === dialog && !isConflict) return;
      close();
      const isNoteKept = request.action === 'contact' && draftOf(session?.id ?? null, about.id).note !== '';
      const kept = isNoteKept ? ' Your note is kept: open Outcome again to read it.' : '';
      setNotice({ text: `${shortId(about.id)}: ${refusalText(error)}${kept}`, kind: 'refusal' });
    }
  };
  const open = (name: WorkDialogName) => {
    if (row === undefined) return;
    work.reset();
    setNotice(null);
    setDialog({ name, row, scope });
  };
  const mayWork = session?.permissions.includes('work.write') ?? false;
  // Where everybody may do everything there is nobody to give anything to.
  const mayGive = session?.permissions.includes('work.lead') === true && !session.is_open;
  // Known before they are asked for: whoever types a name right after the key must not wait.
  useQuery({ ...peopleQuery, enabled: mayGive });
  const deeds = row === undefined || !mayWork ? [] : deedsOf(row, session?.id ?? null, mayGive, open, send);
  const help: KeyBinding = {
    keys: ['?'],
    says: 'Show all keys',
    run: () => {
      setIsHelpOpen(true);
    },
  };
  const all = [...bindings, ...deeds.map(({ key, says, run }) => ({ keys: [key], says, run })), help];
  useKeys(all);
  const Open = dialog === null || dialog.scope !== scope ? null : WORK_DIALOGS[dialog.name];
  return (
    <section className={classes['bar']} aria-label="Work">
      <div className={classes['notice']} role="status">
        {notice === null ? null : (
          <>
            <Text size="sm" fw={600} data-refusal={notice.kind === 'refusal' || undefined}>
              <span aria-hidden="true">{MARKS[notice.kind]} </span>
              {notice.text} {notice.link}
            </Text>
            <CloseButton
              size="sm"
              aria-label="Dismiss"
              onClick={() => {
                setNotice(null);
              }}
            />
          </>
        )}
      </div>
      <div className={classes['deeds']}>
        {row === undefined ? null : (
          <Text size="sm" fw={600} className={classes['whom']}>
            {shortId(row.id)}
          </Text>
        )}
        {deeds.map(({ key, label, run }) => (
          <Button
            key={key}
            size="xs"
            variant="default"
            aria-keyshortcuts={key}
            rightSection={<Key>{key}</Key>}
            onClick={(event) => {
              // The second click of a double one would undo what the first one did: another button stands there by then.
              if (event.detail < 2) run();
            }}
          >
            {label}
          </Button>
        ))}
        {children}
        <Button
          size="xs"
          variant="subtle"
          aria-keyshortcuts="?"
          rightSection={<Key>?</Key>}
          onClick={help.run}
        >
          Keys
        </Button>
      </div>
      {Open === null || dialog === null ? null : (
        <Open
          row={dialog.row}
          work={work}
          onSend={(request) => {
            void send(dialog.row, request);
          }}
          onClose={() => {
            setDialog(null);
          }}
        />
      )}
      {isHelpOpen ? (
        <HelpDialog
          bindings={all}
          onClose={() => {
            setIsHelpOpen(false);
          }}
        />
      ) : null}
    </section>
  );
}

function deedsOf(
  row: CustomerRow,
  self: string | null,
  mayGive: boolean,
  open: (name: WorkDialogName) => void,
  send: (row: CustomerRow, request: WorkRequest) => Promise<void>,
): Deed[] {
  const { status, assignee } = row.work;
  const dialogOf = (key: string, label: string, says: string, name: WorkDialogName): Deed => ({
    key,
    label,
    says,
    run: () => {
      open(name);
    },
  });
  const deedOf = (
    key: string,
    label: string,
    says: string,
    action: 'assign' | 'release' | 'resume',
  ): Deed => ({
    key,
    label,
    says,
    run: () => {
      void send(row, { action });
    },
  });
  const isMine = assignee !== null && assignee.id === self;
  return [
    dialogOf('o', 'Outcome', 'Record what a contact came to', 'outcome'),
    ...(status === 'suppressed'
      ? []
      : [
          dialogOf('s', 'Snooze', 'Put it off', 'snooze'),
          dialogOf('x', 'Suppress', 'Leave it out, with a reason', 'suppress'),
        ]),
    ...(status === 'due' || status === 'none' ? [] : [deedOf('e', 'Resume', 'Take it up again', 'resume')]),
    isMine
      ? deedOf('u', 'Put back', 'Put it back for others', 'release')
      : deedOf('a', 'Assign to me', 'Assign it to me', 'assign'),
    ...(mayGive ? [dialogOf('g', 'Give to …', 'Give it to somebody', 'give')] : []),
  ];
}

/** `name`: whose it is now. */
function doneText(request: WorkRequest, name = 'somebody'): string {
  switch (request.action) {
    case 'assign':
      return request.to === undefined ? 'is yours now' : `is ${name}’s now`;
    case 'release':
      return 'is nobody’s now';
    case 'snooze':
      return 'snoozed';
    case 'suppress':
      return 'suppressed';
    case 'resume':
      return 'taken up again';
    case 'contact':
      return `recorded “${outcomeLabel(request.outcome)}”`;
  }
}

/** What was refused, and what to do, as sentences. */
export const refusalText = (error: Error): string =>
  error instanceof ApiError ? `${sentence(error.message)} ${sentence(error.hint)}` : sentence(error.message);
