import { describe, expect, it } from 'vitest';
import { openMemory } from './answer-memory.ts';

describe('a memory', () => {
  it('gives a value until its time, and the newest one of a key', () => {
    const memory = openMemory<number>(10);
    memory.put('a', 1, 100);
    memory.put('a', 2, 200);
    expect([memory.get('a', 150), memory.get('a', 200), memory.get('b', 0)]).toEqual([
      2,
      undefined,
      undefined,
    ]);
  });

  it('never holds more than it may, and keeps what is asked for', () => {
    const memory = openMemory<number>(10);
    memory.put('asked for', -1, 100);
    for (let number = 0; number < 1000; number += 1) {
      memory.put(String(number), number, 100);
      expect(memory.size).toBeLessThanOrEqual(10);
      expect(memory.get('asked for', 0)).toBe(-1);
    }
    expect(memory.get('0', 0)).toBeUndefined();
    expect(memory.get('999', 0)).toBe(999);
  });

  it('keeps the last half of what it may at least', () => {
    const memory = openMemory<number>(10);
    for (let number = 0; number < 103; number += 1) memory.put(String(number), number, 100);
    for (const number of [98, 99, 100, 101, 102]) expect(memory.get(String(number), 0)).toBe(number);
  });
});
