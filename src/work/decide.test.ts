import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { fold, UNTOUCHED } from './fold.ts';
import { statusOf } from './status-of.ts';
import type { WorkCommand, Worker, WorkRecord, WorkState } from './work-book.ts';

const ANN = { id: 'a', name: 'Ann', isLead: false };
const BOB = { id: 'b', name: 'Bob', isLead: false };
const LEA = { id: 'l', name: 'Lea', isLead: true };
const PEOPLE = [ANN, BOB, LEA].map(({ id, name }) => ({ id, name }));
const TODAY = '2026-03-10';
const FACTS = { today: TODAY, person: (id: string) => PEOPLE.find((person) => person.id === id) };

const decided = (state: WorkState, command: WorkCommand, actor: Worker = ANN) =>
  decide(state, command, actor, FACTS);

/** The state after what somebody did, on a day. */
function after(state: WorkState, command: WorkCommand, actor: Worker = ANN, day = TODAY): WorkState {
  const decision = decide(state, command, actor, { ...FACTS, today: day });
  if (decision === null) return state;
  const record: WorkRecord = {
    sequence: 1,
    at: `${day}T09:00:00.000Z`,
    by: { id: actor.id, name: actor.name },
    entityId: 'e',
    ...decision,
  };
  return fold(state, record);
}

const statusOn = (
  state: WorkState | undefined,
  today = TODAY,
  scoreDate = '2026-03-01',
  isContacted = true,
) => statusOf(state, { today, scoreDate, isContacted, restDays: 14 });

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'none';
};

const mine = after(UNTOUCHED, { action: 'assign' });
const suppressed = after(UNTOUCHED, { action: 'suppress', reason: 'complaint' });
const left = after(UNTOUCHED, { action: 'contact', outcome: 'left' });

describe('who may do what', () => {
  it('makes what is nobody’s that of whoever acts, with any action', () => {
    const commands: WorkCommand[] = [
      { action: 'assign' },
      { action: 'snooze', until: '2026-03-11', reason: 'away' },
      { action: 'suppress', reason: 'complaint' },
      { action: 'contact', outcome: 'no_answer' },
    ];
    for (const command of commands) expect(decided(UNTOUCHED, command)?.assignee).toEqual(PEOPLE[0]);
  });

  it('refuses everything about what is somebody else’s, and says whose it is, but not to a lead', () => {
    const commands: WorkCommand[] = [
      { action: 'assign' },
      { action: 'release' },
      { action: 'snooze', until: '2026-03-11', reason: 'away' },
      { action: 'suppress', reason: 'complaint' },
      { action: 'resume' },
      { action: 'contact', outcome: 'contacted' },
    ];
    const snoozed = after(mine, { action: 'snooze', until: '2026-03-20', reason: 'away' });
    for (const command of commands) {
      expect(() => decided(snoozed, command, BOB)).toThrow('Ann is at work on it');
      expect(codeOf(() => decided(snoozed, command, BOB))).toBe('HF630');
      const byLead = decided(snoozed, command, LEA);
      const keeper =
        command.action === 'assign' ? PEOPLE[2] : command.action === 'release' ? null : PEOPLE[0];
      expect(byLead?.assignee, command.action).toEqual(keeper);
    }
  });

  it('lets leads alone give work to others, who must exist', () => {
    expect(codeOf(() => decided(UNTOUCHED, { action: 'assign', to: 'b' }))).toBe('HF613');
    expect(decided(UNTOUCHED, { action: 'assign', to: 'a' })?.assignee).toEqual(PEOPLE[0]);
    expect(decided(mine, { action: 'assign', to: 'b' }, LEA)?.assignee).toEqual(PEOPLE[1]);
    expect(() => decided(mine, { action: 'assign', to: 'x' }, LEA)).toThrow('nobody of this id');
  });

  it('records nothing where it is so already', () => {
    expect(decided(mine, { action: 'assign' })).toBeNull();
    expect(decided(UNTOUCHED, { action: 'release' })).toBeNull();
  });
});

describe('what makes no sense', () => {
  it.each([
    ['a snooze of today', UNTOUCHED, { action: 'snooze', until: TODAY, reason: 'x' }],
    ['a snooze of more than a year', UNTOUCHED, { action: 'snooze', until: '2027-03-12', reason: 'x' }],
    ['a snooze of what is suppressed', suppressed, { action: 'snooze', until: '2026-03-11', reason: 'x' }],
    ['a snooze of what has left', left, { action: 'snooze', until: '2026-03-11', reason: 'x' }],
    ['a second suppression', suppressed, { action: 'suppress', reason: 'x' }],
    ['an empty reason', UNTOUCHED, { action: 'suppress', reason: '  ' }],
    ['a reason with a zero byte', UNTOUCHED, { action: 'suppress', reason: 'a\u0000b' }],
    ['to resume what is due', mine, { action: 'resume' }],
  ] as [string, WorkState, WorkCommand][])('is %s', (_name, state, command) => {
    expect(codeOf(() => decided(state, command))).toBe('HF611');
  });

  it('is not a snooze of 366 days, nor a note of several lines', () => {
    expect(decided(UNTOUCHED, { action: 'snooze', until: '2027-03-11', reason: 'x' })).not.toBeNull();
    const note = { action: 'contact', outcome: 'refused', note: ' one\n\ttwo ' } as const;
    expect(decided(UNTOUCHED, note)?.note).toBe('one\n\ttwo');
  });
});

describe('what it comes to', () => {
  it('is due where nobody did anything, unless nobody contacts its tier', () => {
    expect(statusOn(undefined)).toEqual({ status: 'due', rule: null });
    expect(statusOn(undefined, TODAY, '2026-03-01', false)).toEqual({ status: 'none', rule: null });
  });

  it('is snoozed up to the last day, then due again, although it was settled before', () => {
    const settled = after(UNTOUCHED, { action: 'contact', outcome: 'contacted' });
    const snoozed = after(settled, { action: 'snooze', until: '2026-03-12', reason: 'away' });
    expect(statusOn(snoozed, '2026-03-12')).toEqual({ status: 'snoozed', rule: 'snoozed until 2026-03-12' });
    expect(statusOn(snoozed, '2026-03-13').status).toBe('due');
    expect(codeOf(() => decide(snoozed, { action: 'resume' }, ANN, { ...FACTS, today: '2026-03-13' }))).toBe(
      'HF611',
    );
  });

  it('is suppressed with the name of whoever did it, until somebody resumes it', () => {
    expect(statusOn(suppressed)).toEqual({ status: 'suppressed', rule: 'suppressed by Ann' });
    expect(statusOn(suppressed, TODAY, '2026-03-01', false).status).toBe('suppressed');
    expect(statusOn(after(suppressed, { action: 'resume' })).status).toBe('due');
  });

  it.each(['contacted', 'accepted_offer', 'refused'] as const)(
    'rests after %s, for as long as scores are of that time',
    (outcome) => {
      const settled = after(mine, { action: 'contact', outcome });
      expect(statusOn(settled)).toEqual({ status: 'done', rule: 'settled on 2026-03-10' });
      expect(statusOn(settled, '2026-03-24', '2026-03-23').status).toBe('done');
      expect(statusOn(settled, '2026-03-24', '2026-03-24').status).toBe('due');
      expect(statusOn(settled, TODAY, '2026-03-01', false).status).toBe('none');
      expect(statusOn(after(settled, { action: 'resume' })).status).toBe('due');
      expect(settled).toMatchObject({ lastOutcome: outcome, contacts: 1, assignee: PEOPLE[0] });
    },
  );

  it('stays as it is where nobody answered, and that is counted', () => {
    const tried = after(after(mine, { action: 'contact', outcome: 'no_answer' }), {
      action: 'contact',
      outcome: 'no_answer',
    });
    expect(statusOn(tried).status).toBe('due');
    expect(tried).toMatchObject({ contacts: 2, lastOutcome: 'no_answer', settledAt: null });
    const snoozed = after(mine, { action: 'snooze', until: '2026-03-12', reason: 'away' });
    expect(statusOn(after(snoozed, { action: 'contact', outcome: 'no_answer' })).status).toBe('snoozed');
    expect(statusOn(after(snoozed, { action: 'contact', outcome: 'refused' })).status).toBe('done');
  });

  it('is suppressed for good where it left, whatever is scored; a lead can mend a mistake', () => {
    expect(statusOn(left, '2027-01-01', '2027-01-01')).toEqual({ status: 'suppressed', rule: 'left' });
    expect(codeOf(() => decided(left, { action: 'resume' }))).toBe('HF613');
    expect(statusOn(after(left, { action: 'resume' }, LEA)).status).toBe('due');
    expect(statusOn(after(suppressed, { action: 'contact', outcome: 'contacted' })).status).toBe(
      'suppressed',
    );
  });
});
