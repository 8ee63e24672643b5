import { expect, it } from 'vitest';
import { draftOf, dropDraft, keepDraft } from './outcome-drafts.ts';

it('gives what was typed back to who typed it, about whom it was', () => {
  const draft = { outcome: 'refused', note: 'too dear' } as const;
  keepDraft('ann', 'C1', draft);
  expect(draftOf('ann', 'C1')).toEqual(draft);
  const empty = { outcome: null, note: '' };
  expect([draftOf('bob', 'C1'), draftOf('ann', 'C2'), draftOf(null, 'C1')]).toEqual([empty, empty, empty]);
  dropDraft('ann', 'C1');
  expect(draftOf('ann', 'C1')).toEqual(empty);
});
