import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, openDuckDb } from '../engine/index.ts';
import { SessionPool } from './session-pool.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDb();
});
afterAll(() => engine[Symbol.asyncDispose]());

const one = async (session: Engine): Promise<unknown> => (await session.rows('SELECT 1 AS one'))[0]?.['one'];

describe('sessions', () => {
  it('are given to those who wait in the order in which they came, and no more wait than may', async () => {
    await using pool = new SessionPool(engine, 1, 2);
    const held = await pool.take();
    const order: string[] = [];
    const waiting = ['first', 'second'].map((name) =>
      pool.use(async (session) => {
        order.push(name);
        return one(session);
      }),
    );
    await expect(pool.take()).rejects.toMatchObject({ code: 'HF619' });
    expect(order).toEqual([]);
    pool.release(held);
    expect(await Promise.all(waiting)).toEqual([1, 1]);
    expect(order).toEqual(['first', 'second']);
  });

  it('come back after a question that failed', async () => {
    await using pool = new SessionPool(engine, 1, 0);
    await expect(pool.use((session) => session.rows('SELECT nothing'))).rejects.toThrow();
    expect(await pool.use(one)).toBe(1);
  });
});
