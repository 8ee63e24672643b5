import { Button, CloseButton, Group, Title } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, type SubmitEvent, useId, useLayoutEffect, useRef } from 'react';
import { ErrorState } from '../states.tsx';
import classes from './dialog.module.css';
import { isTyping } from './keys.ts';

export interface DialogProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
  /** Keys while it is open; whether it was one that is known. */
  readonly onKey?: (key: string) => boolean;
}

/** A dialog of the browser: what is behind it is out of reach, Escape closes it, and the focus goes back. */
export function Dialog({ title, children, onClose, onKey }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Closed while it still stands on the page: only then the browser gives the focus back.
  useLayoutEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    shown?.querySelector<HTMLElement>('[data-first-focus]')?.focus();
    return () => {
      shown?.close();
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (onKey?.(event.key) === true) event.preventDefault();
  };
  return (
    <dialog
      ref={dialog}
      className={classes['dialog']}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={onKeyDown}
    >
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <Title order={2} size="h4" id={id}>
          {title}
        </Title>
        <CloseButton aria-label="Close" onClick={onClose} />
      </Group>
      {children}
    </dialog>
  );
}

export interface FormDialogProps extends DialogProps {
  readonly submitLabel: string;
  readonly isReady: boolean;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly onSubmit: () => void;
}

/** A dialog that is a form: Enter records it. */
export function FormDialog(props: FormDialogProps) {
  const { submitLabel, isReady, isPending, error, onSubmit, children, ...dialog } = props;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isReady && !isPending) onSubmit();
  };
  return (
    <Dialog {...dialog}>
      <form onSubmit={submit} className={classes['form']}>
        {children}
        {error === null ? null : <ErrorState error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={dialog.onClose}>
            Cancel
          </Button>
          {/* Not disabled: Enter must reach the form, which then waits for a choice. */}
          <Button
            type="submit"
            aria-disabled={!isReady}
            {...(isReady ? {} : { 'data-disabled': true })}
            loading={isPending}
          >
            {submitLabel}
          </Button>
        </Group>
      </form>
    </Dialog>
  );
}
