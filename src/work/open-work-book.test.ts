import { describe, expect, it } from 'vitest';
import { HoldfastError } from '../kernel/index.ts';
import { openWorkBook } from './open-work-book.ts';
import type { WorkBook, WorkLog, WorkRecord } from './work-book.ts';

const ANN = { id: 'a', name: 'Ann', isLead: false };
const BOB = { id: 'b', name: 'Bob', isLead: false };

let now = '2026-03-10T09:00:00.000Z';
const clock = { now: () => new Date(now) };

/** What several processes share: a list, of which a place is given away once. */
class SharedList {
  readonly records: WorkRecord[] = [];
  isAway = false;
  /** It takes the next record, and the answer is lost. */
  losesAnswer = false;

  open(): WorkLog {
    return {
      append: async (record) => {
        await this.#arrive();
        if (record.sequence !== this.records.length + 1) return 'conflict';
        this.records.push(record);
        if (!this.losesAnswer) return 'taken';
        this.losesAnswer = false;
        throw new HoldfastError('HF631', { message: 'no answer' });
      },
      readFrom: async (sequence) => {
        await this.#arrive();
        return this.records.slice(sequence - 1);
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    };
  }

  /** Calls of several overtake each other. */
  async #arrive(): Promise<void> {
    for (let turns = Math.random() * 4; turns > 0; turns -= 1) await Promise.resolve();
    if (this.isAway) throw new HoldfastError('HF631', { message: 'away' });
  }
}

const open = (list: SharedList): Promise<WorkBook> => openWorkBook(list.open(), clock);
const IDS = Array.from({ length: 200 }, (_, index) => `e${String(index)}`);

describe('the book', () => {
  it('says what it knows while the log does not answer', async () => {
    const list = new SharedList();
    const log = list.open();
    let isSilent = false;
    const silent: WorkLog = {
      ...log,
      readFrom: (sequence) => (isSilent ? new Promise(() => undefined) : log.readFrom(sequence)),
    };
    const book = await openWorkBook(silent, clock);
    await book.record('e', { action: 'assign' }, ANN);
    isSilent = true;
    void book.refresh();
    await Promise.resolve();
    expect(book.history('e')).toEqual(list.records);
    expect(book.states().get('e')?.assignee).toEqual({ id: 'a', name: 'Ann' });
  });

  it('comes to the same from its records alone', async () => {
    const list = new SharedList();
    const first = await open(list);
    await first.record('e', { action: 'assign' }, ANN);
    await first.record('e', { action: 'contact', outcome: 'no_answer', note: 'busy' }, ANN);
    await first.record('f', { action: 'suppress', reason: 'complaint' }, BOB);
    const second = await open(list);
    expect(second.states()).toEqual(first.states());
    expect(second.history('e')).toEqual(list.records.slice(0, 2));
    expect(second.history('unknown')).toEqual([]);
    expect(list.records.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  it('gives an entity to one of two who ask at once, in one process and in two', async () => {
    const list = new SharedList();
    const here = await open(list);
    const there = await open(list);
    for (const [one, other] of [
      [here, here],
      [here, there],
    ] as const) {
      for (let round = 0; round < 50; round += 1) {
        const taken = await Promise.all([one.takeFirst(IDS, ANN), other.takeFirst(IDS, BOB)]);
        expect(new Set(taken).size, String(taken)).toBe(2);
        expect(taken).not.toContain(null);
      }
    }
    expect(new Set(list.records.map(({ entityId }) => entityId)).size).toBe(200);
    expect(await here.takeFirst(IDS, ANN)).toBeNull();
    expect(await there.takeFirst(IDS, BOB)).toBeNull();
  });

  it('refuses the second of two who tell of a contact at once', async () => {
    const list = new SharedList();
    const here = await open(list);
    const there = await open(list);
    for (const id of IDS) {
      const contact = { action: 'contact', outcome: 'contacted' } as const;
      const results = await Promise.allSettled([
        here.record(id, contact, ANN),
        there.record(id, contact, BOB),
      ]);
      expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      const refused = results.find(({ status }) => status === 'rejected');
      expect(refused).toMatchObject({ reason: { code: 'HF630' } });
    }
    expect(list.records).toHaveLength(200);
  });

  it('looks again before it refuses what somebody may have released elsewhere', async () => {
    const list = new SharedList();
    const here = await open(list);
    const there = await open(list);
    await here.record('e', { action: 'assign' }, ANN);
    expect([...(await there.refresh())]).toEqual(['e']);
    await here.record('e', { action: 'release' }, ANN);
    expect((await there.record('e', { action: 'assign' }, BOB)).assignee?.name).toBe('Bob');
    expect([...(await there.refresh())]).toEqual(['e']);
    expect([...(await there.refresh())]).toEqual([]);
  });

  it('passes over what is not due', async () => {
    const book = await open(new SharedList());
    await book.record('e0', { action: 'snooze', until: '2026-03-12', reason: 'away' }, ANN);
    await book.record('e1', { action: 'suppress', reason: 'complaint' }, ANN);
    await book.record('e2', { action: 'contact', outcome: 'refused' }, ANN);
    for (const id of ['e0', 'e1', 'e2']) await book.record(id, { action: 'release' }, ANN);
    expect(await book.takeFirst(['e0', 'e1', 'e2'], BOB)).toBeNull();
    expect(await book.takeFirst(IDS, BOB, (state) => state?.settledAt !== undefined)).toBe('e0');
    now = '2026-03-13T09:00:00.000Z';
    expect(await book.takeFirst(['e1', 'e2'], BOB)).toBe('e2');
    now = '2026-03-10T09:00:00.000Z';
  });

  it('answers from memory while the log is away, and records nothing then', async () => {
    const list = new SharedList();
    const book = await open(list);
    await book.record('e', { action: 'assign' }, ANN);
    list.isAway = true;
    expect(book.states().get('e')?.assignee?.name).toBe('Ann');
    expect((await book.refresh()).size).toBe(0);
    await expect(book.record('f', { action: 'assign' }, ANN)).rejects.toMatchObject({ code: 'HF631' });
    expect(book.states().has('f')).toBe(false);
  });

  it('counts a contact once whose answer was lost and that is told again', async () => {
    const list = new SharedList();
    const book = await open(list);
    const contact = { action: 'contact', outcome: 'no_answer', note: 'busy' } as const;
    list.losesAnswer = true;
    await expect(book.record('e', contact, ANN)).rejects.toMatchObject({ code: 'HF631' });
    expect((await book.record('e', { ...contact }, ANN)).contacts).toBe(1);
    expect(list.records).toHaveLength(1);
    // Told once more it is another one.
    expect((await book.record('e', contact, ANN)).contacts).toBe(2);
  });

  it('counts a contact that never arrived, and one that is another', async () => {
    const list = new SharedList();
    const book = await open(list);
    const contact = { action: 'contact', outcome: 'no_answer' } as const;
    list.isAway = true;
    await expect(book.record('e', contact, ANN)).rejects.toMatchObject({ code: 'HF631' });
    list.isAway = false;
    expect((await book.record('e', contact, ANN)).contacts).toBe(1);
    list.losesAnswer = true;
    await expect(book.record('f', contact, ANN)).rejects.toMatchObject({ code: 'HF631' });
    expect((await book.record('f', { ...contact, note: 'again' }, ANN)).contacts).toBe(2);
  });

  it('says nothing rather than nothing known where the log was away from the start', async () => {
    const list = new SharedList();
    await (await open(list)).record('e', { action: 'assign' }, ANN);
    list.isAway = true;
    const book = await open(list);
    expect(() => book.states()).toThrow('away');
    await expect(book.refresh()).rejects.toMatchObject({ code: 'HF631' });
    await expect(book.takeFirst(IDS, ANN)).rejects.toMatchObject({ code: 'HF631' });
    list.isAway = false;
    expect([...(await book.refresh())]).toEqual(['e']);
    expect(book.states().get('e')?.assignee?.name).toBe('Ann');
  });
});
