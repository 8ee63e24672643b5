import type { CustomerRow, WorkRequest } from '../../../../src/desk/contract.ts';
import { GiveDialog } from './give-dialog.tsx';
import { OutcomeDialog } from './outcome-dialog.tsx';
import { SnoozeDialog } from './snooze-dialog.tsx';
import { SuppressDialog } from './suppress-dialog.tsx';

export interface WorkDialogProps {
  readonly row: CustomerRow;
  readonly work: { readonly isPending: boolean; readonly error: Error | null };
  readonly onSend: (request: WorkRequest) => void;
  readonly onClose: () => void;
}

export type WorkDialogName = keyof typeof WORK_DIALOGS;

export const WORK_DIALOGS = {
  outcome: OutcomeDialog,
  snooze: SnoozeDialog,
  suppress: SuppressDialog,
  give: GiveDialog,
} as const;
