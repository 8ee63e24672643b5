import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../engine.ts';
import { openDuckDb } from './duckdb-engine.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDb({ threads: 1 });
});
afterAll(() => engine[Symbol.asyncDispose]());

describe('what looks across rows in a SELECT', () => {
  it.each([
    ['SELECT a + 1 AS b FROM s.t WHERE a > 0 ORDER BY a', []],
    ['WITH x AS (SELECT * FROM s.t), y AS (SELECT coalesce(a, 0) AS a FROM x) SELECT * FROM y', []],
    ['SELECT CASE WHEN a IN (1, 2) THEN list_sum([a, b]) END AS c FROM (SELECT * FROM s.t) AS u', []],
    ['SELECT sum(a) AS a FROM s.t', ['the aggregate sum()']],
    ['SELECT a, count(*) AS n FROM s.t GROUP BY a', ['GROUP BY', 'the aggregate count_star()']],
    ['SELECT a FROM s.t GROUP BY ALL', ['GROUP BY']],
    ['SELECT lag(a) OVER (ORDER BY b) AS a FROM s.t', ['the window function lag()']],
    [
      'SELECT a FROM s.t QUALIFY row_number() OVER (PARTITION BY a) = 1',
      ['the window function row_number()'],
    ],
    ['SELECT t.a FROM s.t AS t JOIN s.u AS u ON u.a = t.a', ['a join']],
    ['SELECT t.a FROM s.t AS t, s.u AS u', ['a join']],
    ['SELECT DISTINCT a FROM s.t', ['DISTINCT']],
    ['SELECT a FROM s.t LIMIT 5', ['LIMIT']],
    ['SELECT a FROM s.t UNION ALL SELECT a FROM s.u', ['a union of queries']],
    ['SELECT a FROM s.t WHERE a > (SELECT b FROM s.u)', ['a subquery within an expression']],
    ['SELECT unnest([a, b]) AS c FROM s.t', ['unnest()']],
    ['SELECT a FROM s.t USING SAMPLE 10', ['a sample']],
    ['WITH x AS (SELECT DISTINCT a FROM s.t) SELECT a FROM x', ['DISTINCT']],
  ] as const)('%s: %j', async (sql, expected) => {
    expect(await engine.acrossRows(sql)).toEqual(expected);
  });
});
