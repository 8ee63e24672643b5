import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, Lineage } from '../index.ts';
import { openDuckDb } from './index.ts';

const KNOWN = { 'silver.calls': ['id', 'day', 'seconds'], 'silver.people': ['id', 'name', 'since'] };

let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDb();
});
afterAll(() => engine[Symbol.asyncDispose]());

const lineage = (sql: string): Promise<Lineage> => engine.lineage(sql, KNOWN);
/** Sources of each column as texts. */
const sources = async (sql: string): Promise<Record<string, string[]>> =>
  Object.fromEntries(
    (await lineage(sql)).columns.map((column) => [
      column.name,
      column.sources.map(({ table, column: name }) => `${table}.${name}`),
    ]),
  );

describe('column lineage', () => {
  it('goes through CTEs, subqueries, renamed columns and stars', async () => {
    expect(
      await sources(`
        WITH long AS (SELECT id AS caller, seconds / 60 AS minutes FROM silver.calls),
        paired AS (SELECT * FROM long AS l (who, m) JOIN (SELECT id, name FROM silver.people) AS p ON p.id = l.who)
        SELECT who, m + length(name) AS mixed FROM paired`),
    ).toEqual({ who: ['silver.calls.id'], mixed: ['silver.calls.seconds', 'silver.people.name'] });
  });

  it('knows what a star leaves out and replaces', async () => {
    expect(
      await sources(
        'SELECT * EXCLUDE (day) REPLACE (id || name AS seconds) FROM silver.calls CROSS JOIN silver.people',
      ),
    ).toEqual({
      id: ['silver.calls.id'],
      seconds: ['silver.calls.id', 'silver.people.name'],
      name: ['silver.people.name'],
      since: ['silver.people.since'],
    });
  });

  it('joins the sides of a union by position, and reads scalar subqueries', async () => {
    expect(
      await sources(
        'SELECT id AS a, (SELECT max(since) FROM silver.people AS p WHERE p.id = c.id) AS b FROM silver.calls AS c UNION ALL SELECT name, since FROM silver.people',
      ),
    ).toEqual({ a: ['silver.calls.id', 'silver.people.name'], b: ['silver.people.since'] });
  });

  it('takes counted rows for a source of their own', async () => {
    expect(await sources('SELECT count(*) AS n FROM silver.calls')).toEqual({ n: ['silver.calls.*'] });
  });

  it('says over which rows a value is pooled, and whether later ones count', async () => {
    const { columns } = await lineage(`
      SELECT id, sum(seconds) AS total,
        lag(sum(seconds)) OVER (PARTITION BY id ORDER BY min(day)) AS before
      FROM silver.calls GROUP BY 1`);
    const id = { table: 'silver.calls', column: 'id' };
    expect(columns[1]?.pools).toEqual([{ function: 'sum', by: [id], looksAhead: true }]);
    expect(columns[2]?.pools).toContainEqual({ function: 'lag', by: [id], looksAhead: false });
    const ahead = await lineage(
      'SELECT lead(day) OVER (ORDER BY day) AS a, sum(seconds) OVER () AS b, sum(seconds) OVER (ORDER BY day ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS c FROM silver.calls',
    );
    expect(ahead.columns.map(({ pools }) => pools.map(({ looksAhead }) => looksAhead))).toEqual([
      [true],
      [true],
      [true],
    ]);
  });

  it.each([
    ['now()', 'now'],
    ['current_date', 'current_date'],
    ['today()', 'today'],
    ['random()', 'random'],
    ['uuid()', 'uuid'],
    ['age(day)', 'age'],
  ])('tells that %s depends on more than its arguments', async (expression, name) => {
    const { columns, unstable } = await lineage(`SELECT id, ${expression} AS value FROM silver.calls`);
    expect(unstable).toEqual([name]);
    expect(columns.map((column) => column.unstable)).toEqual([[], [name]]);
  });

  it('finds them in filters, and sampled rows', async () => {
    expect((await lineage('SELECT id FROM silver.calls WHERE day < current_date')).unstable).toEqual([
      'current_date',
    ]);
    expect((await lineage('SELECT id FROM silver.calls USING SAMPLE 10 ROWS')).unstable).toEqual(['sample']);
    expect(
      (await lineage('SELECT age(day, since) AS a FROM silver.calls JOIN silver.people USING (id)')).unstable,
    ).toEqual([]);
  });
});
