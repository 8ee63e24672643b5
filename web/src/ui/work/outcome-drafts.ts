/**
 * What was typed of an outcome and did not get recorded: it comes back to who typed it, also after the session ended in
 * the middle of a call. Kept in the memory of this window alone, since it speaks of people.
 */
import type { Work } from '../../../../src/desk/contract.ts';

export interface OutcomeDraft {
  readonly outcome: Work['last_outcome'];
  readonly note: string;
}

const drafts = new Map<string, OutcomeDraft>();
const keyOf = (by: string | null, about: string): string => JSON.stringify([by, about]);

/** What `by` typed about somebody; nothing yet where there is none. */
export const draftOf = (by: string | null, about: string): OutcomeDraft =>
  drafts.get(keyOf(by, about)) ?? { outcome: null, note: '' };

export const keepDraft = (by: string | null, about: string, draft: OutcomeDraft): void => {
  drafts.set(keyOf(by, about), draft);
};

/** It is recorded, or given up. */
export const dropDraft = (by: string | null, about: string): void => {
  drafts.delete(keyOf(by, about));
};
