/** Work in the queue: what people did moves rows between tabs, is seen by others, and outlives another scoring. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CustomersQuery } from '../../src/desk/index.ts';
import type { Desk } from '../../src/workflow/index.ts';
import { ANN, LEA, type MadeDesk, openMadeDesk } from './made-desk.ts';

const AS_OF = '2024-10-01';
let made: MadeDesk;

beforeAll(async () => {
  made = await openMadeDesk();
  await made.score({ rows: 400, date: AS_OF });
});
afterAll(() => made[Symbol.asyncDispose]());

const idsOf = async (query: CustomersQuery, desk: Desk = made.desk): Promise<string[]> =>
  (await desk.customers({ limit: 60, ...query }, ANN)).rows.map(({ id }) => id);
/** Asks again and again, as a page does, until it holds. */
async function eventually(check: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await check();
      return;
    } catch (error) {
      if (tries >= 60) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

describe('what people do', () => {
  test('gives each who asks for the next the most urgent that is nobody’s, and nobody the same', async () => {
    const order = await idsOf({});
    const taken = await Promise.all([
      made.desk.next({}, ANN),
      made.desk.next({}, LEA),
      made.desk.next({}, ANN),
    ]);
    expect(taken.map((row) => row?.id).sort()).toEqual(order.slice(0, 3).sort());
    for (const row of taken) expect(row?.work).toMatchObject({ status: 'due' });
    const mine = await idsOf({ assignee: 'me' });
    expect(mine).toHaveLength(2);
    expect(await idsOf({ assignee: 'lea' })).toHaveLength(1);
    expect(await idsOf({ assignee: 'anybody' })).toHaveLength(3);
    expect((await idsOf({ assignee: 'nobody' }))[0]).toBe(order[3]);
    const overview = await made.desk.overview();
    expect(overview.teams.reduce((sum, { assigned }) => sum + assigned, 0)).toBe(3);
    expect(await made.desk.next({ search: 'there is no such id' }, ANN)).toBeNull();
  });

  test('moves rows between the tabs, each with its rule', async () => {
    const [snoozed = '', suppressed = '', refused = '', left = ''] = (
      await idsOf({ assignee: 'nobody' })
    ).slice(0, 4);
    await made.desk.work(snoozed, { action: 'snooze', until: '2024-10-10', reason: 'on holiday' }, ANN);
    const work = await made.desk.work(
      suppressed,
      { action: 'suppress', reason: 'asked not to be called' },
      ANN,
    );
    expect(work).toMatchObject({
      status: 'suppressed',
      reason: 'asked not to be called',
      rule: 'suppressed by Ann',
    });
    await made.desk.work(refused, { action: 'contact', outcome: 'refused' }, ANN);
    await made.desk.work(left, { action: 'contact', outcome: 'left' }, ANN);
    expect(await idsOf({ tab: 'snoozed' })).toEqual([snoozed]);
    expect((await idsOf({ tab: 'suppressed' })).sort()).toEqual([suppressed, left].sort());
    expect(await idsOf({ tab: 'done' })).toEqual([refused]);
    const due = await idsOf({});
    for (const id of [snoozed, suppressed, refused, left]) expect(due).not.toContain(id);
    const { contacts, teams } = await made.desk.overview();
    for (const { outcome, count } of contacts) {
      expect((await idsOf({ tab: 'all', outcome })).length, outcome).toBe(count);
      expect(count).toBe(outcome === 'refused' || outcome === 'left' ? 1 : 0);
    }
    const sum = (of: 'snoozed' | 'suppressed' | 'done'): number =>
      teams.reduce((all, team) => all + team[of], 0);
    expect([sum('snoozed'), sum('suppressed'), sum('done')]).toEqual([1, 2, 1]);
  });

  test('makes no sense for an id that was not scored', async () => {
    await expect(made.desk.work("' OR 1=1 --", { action: 'assign' }, ANN)).rejects.toMatchObject({
      code: 'HF603',
    });
    await expect(made.desk.work('C9999999', { action: 'assign' }, ANN)).rejects.toMatchObject({
      code: 'HF603',
    });
  });

  test('is seen by another server, and there after a restart', async () => {
    await using other = await made.another();
    expect(await idsOf({ tab: 'snoozed' }, other)).toEqual(await idsOf({ tab: 'snoozed' }));
    const [id = ''] = await idsOf({ assignee: 'nobody' });
    await made.desk.work(id, { action: 'suppress', reason: 'elsewhere' }, LEA);
    await eventually(async () => {
      expect(await idsOf({ tab: 'suppressed' }, other)).toContain(id);
    });
  });

  test('ends with the day: a snooze that is over makes the row due again', async () => {
    const [id = ''] = await idsOf({ tab: 'snoozed' });
    made.at('2024-10-11T00:00:01Z');
    await eventually(async () => {
      expect(await idsOf({ tab: 'snoozed' })).toEqual([]);
    });
    const page = await made.desk.customers({ search: id }, ANN);
    expect(page.rows.find((row) => row.id === id)?.work).toMatchObject({
      status: 'due',
      until: null,
      reason: null,
    });
  });

  test('outlives another scoring, whose rows take the place of all others at once', async () => {
    const suppressed = (await idsOf({ tab: 'suppressed' })).sort();
    await made.score({ rows: 450, date: '2024-11-01', seed: 3 });
    await eventually(async () => {
      expect(await made.desk.overview()).toMatchObject({
        as_of: '2024-11-01',
        previous: AS_OF,
        scored: { now: 450, before: 400 },
      });
    });
    expect((await idsOf({ tab: 'suppressed' })).sort()).toEqual(suppressed);
    // Thirty days after the contact it is due again.
    expect(await idsOf({ tab: 'done' })).toHaveLength(0);
    expect((await made.desk.facts()).score_dates).toEqual(['2024-11-01', AS_OF]);
  });
});

describe('work on somebody whom the newest scores no longer hold', () => {
  test('is recorded: the call was made before they were', async () => {
    await made.score({ rows: 100, date: '2024-12-01', seed: 4 });
    await eventually(async () => {
      expect((await made.desk.overview()).as_of).toBe('2024-12-01');
    });
    const id = 'C0000440';
    expect(await idsOf({ tab: 'all', search: id })).toEqual([]);
    const request = { action: 'contact', outcome: 'no_answer', note: 'engaged' } as const;
    expect(await made.desk.work(id, request, ANN)).toMatchObject({ last_outcome: 'no_answer', contacts: 1 });
    expect(await made.desk.work(id, { action: 'suppress', reason: 'asked' }, ANN)).toMatchObject({
      status: 'suppressed',
    });
    await expect(made.desk.work('C0000999', request, ANN)).rejects.toMatchObject({ code: 'HF603' });
  });
});

describe('the file', () => {
  test('has all rows that the filters leave, in their order, and no cell that starts a formula', async () => {
    const query = { tab: 'all', sort: 'id' } as const;
    const file = await made.desk.exportCustomers(query, LEA);
    let text = '';
    for await (const piece of file.lines) text += piece;
    const cells = parsed(text);
    const [header = [], ...rows] = cells;
    expect(file.name).toBe('customers_2024-12-01.csv');
    expect(rows).toHaveLength(file.total);
    expect(file.total).toBe(100);
    for (const row of rows) expect(row).toHaveLength(header.length);
    expect(rows.flat().filter((cell) => /^[=+@\t\r]/.test(cell))).toEqual([]);
    const ids = rows.map(([id = '']) => id.replace(/^'(?=[=+@-])/, ''));
    expect(ids.slice(0, 60)).toEqual(await idsOf(query));
    expect(header).toEqual(expect.arrayContaining(['status', 'reason_1', 'technology', 'probability_30d']));
  });

  test('that nobody reads to its end leaves nothing behind', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { lines } = await made.desk.exportCustomers({ tab: 'all' }, LEA);
      if (round % 2 === 0) await lines.return();
      else
        for await (const piece of lines) {
          expect(piece).toContain('score_date');
          break;
        }
    }
    const { total, lines } = await made.desk.exportCustomers({ search: 'nothing like it' }, LEA);
    let text = '';
    for await (const piece of lines) text += piece;
    expect([total, text.split('\n').length]).toEqual([0, 2]);
  });
});

/** A reader of CSV that shares nothing with the writer. */
function parsed(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (sign === '"') isQuoted = true;
    else if (sign === ',' || sign === '\n') {
      row.push(cell);
      cell = '';
      if (sign === '\n') {
        rows.push(row);
        row = [];
      }
    } else cell += sign;
  }
  return rows;
}
