import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fixedClock, HoldfastError } from '../kernel/index.ts';
import { firstBrokenLink } from './history.ts';
import { openRegistry, type Registry } from './registry.ts';
import { type Change, previousChampion, type RegistryState, replay } from './state.ts';

const AUTHOR = { by: 'ana', why: 'a test' };
const clock = fixedClock('2024-06-01T00:00:00Z');

let folder: string;
let registry: Registry;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'holdfast-registry-'));
  registry = openRegistry(folder, clock);
});
afterEach(() => rm(folder, { recursive: true }));

const evidence = { file: 'evidence/x.json', hash: 'x' };

const registered = (id: number): Change => ({
  kind: 'registered',
  summary: {
    id,
    hash: `hash ${String(id)}`,
    versions: { churn_model_30d: id },
    pack: 'gym',
    packHash: 'p',
    testAucPr: { churn_model_30d: 0.5 },
    origin: 'trained',
  },
});
const promoted = (set: number): Change => ({ kind: 'promoted', set, evidence });

const make = (...changes: readonly Change[]): Promise<unknown> =>
  changes.reduce<Promise<unknown>>(
    (before, change) => before.then(() => registry.change(AUTHOR, () => change)),
    Promise.resolve(),
  );

describe('a registry', () => {
  test('that is not there yet is empty', async () => {
    expect(await registry.state()).toMatchObject({ number: 0, champion: null, challenger: null });
  });

  test('makes what is registered challenger, and champion what is promoted', async () => {
    await make(registered(1), promoted(1), registered(2));
    const state = await registry.state();
    expect(state).toMatchObject({ champion: 1, challenger: 2 });
    expect([...state.sets.values()].map(({ stage }) => stage)).toEqual(['production', 'none']);
    await make(promoted(2));
    const after = await registry.state();
    expect(after).toMatchObject({ champion: 2, challenger: null });
    expect([...after.sets.values()].map(({ stage }) => stage)).toEqual(['archived', 'production']);
  });

  test('goes back through the champions one by one, and not to and fro', async () => {
    await make(registered(1), promoted(1), registered(2), promoted(2), registered(3), promoted(3));
    expect(previousChampion(await registry.state())).toBe(2);
    await make({ kind: 'rolled_back', set: 2 });
    expect(await registry.state()).toMatchObject({ champion: 2 });
    expect(previousChampion(await registry.state())).toBe(1);
    await make({ kind: 'rolled_back', set: 1 });
    expect(previousChampion(await registry.state())).toBeUndefined();
  });

  test('forgets a proposal when another set is promoted: it was measured against the champion of then', async () => {
    await make(registered(1), promoted(1), registered(2), { kind: 'proposed', set: 2, evidence });
    expect((await registry.state()).proposal).toMatchObject({ set: 2, by: 'ana', number: 4 });
    await make(registered(3), promoted(3));
    expect((await registry.state()).proposal).toBeNull();
  });

  test('does not archive or delete the champion', async () => {
    await make(registered(1), promoted(1));
    for (const kind of ['archived', 'removed'] as const)
      await expect(make({ kind, set: 1 })).rejects.toMatchObject({ code: 'HF509' });
  });

  test('refuses sets that are not there', async () => {
    await expect(make(promoted(7))).rejects.toMatchObject({ code: 'HF507' });
    await make(registered(1), registered(2), { kind: 'archived', set: 1 }, { kind: 'removed', set: 1 });
    await expect(make(promoted(1))).rejects.toMatchObject({ code: 'HF507' });
  });

  test('says who, when, why, before and after of every change', async () => {
    await make(registered(1), promoted(1));
    expect((await registry.events())[1]).toMatchObject({
      number: 2,
      kind: 'promoted',
      by: 'ana',
      why: 'a test',
      at: '2024-06-01T00:00:00.000Z',
      before: { champion: null, challenger: 1 },
      after: { champion: 1, challenger: null },
    });
  });

  test('lets one of two promotions at once win, and tells the other', async () => {
    await make(registered(1), promoted(1), registered(2), registered(3));
    const promoteOver = (set: number) =>
      openRegistry(folder, clock).change(AUTHOR, ({ champion }) => {
        if (champion !== 1) throw new HoldfastError('HF508', { message: 'too late' });
        return promoted(set);
      });
    const outcomes = await Promise.allSettled([2, 3, 2, 3, 2, 3].map(promoteOver));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const state = await registry.state();
    expect([2, 3]).toContain(state.champion);
    expect(state.number).toBe(5);
  });

  test('skips a line that a killed process tore, and goes on after it', async () => {
    await make(registered(1), promoted(1));
    const file = path.join(folder, 'history.jsonl');
    const [line = ''] = (await readFile(file, 'utf8')).split('\n');
    for (const length of [1, 12, 60, 150, line.length - 1]) {
      const { number } = await registry.state();
      await appendFile(file, line.slice(0, length));
      expect(await registry.state()).toMatchObject({ number, champion: 1 });
      await make(registered(number));
      expect(await registry.state()).toMatchObject({ number: number + 1, challenger: number });
    }
    expect(await registry.historyFault()).toBeNull();
  });

  test('is refused where a line is missing or was changed, also the last one', async () => {
    await make(registered(1), promoted(1), registered(2), promoted(2));
    const file = path.join(folder, 'history.jsonl');
    const text = await readFile(file, 'utf8');
    expect(await registry.historyFault()).toBeNull();
    const lines = text.split('\n');
    const changedLine = (line: string): string => line.replace('"by":"ana"', '"by":"eva"');
    for (const changed of [
      lines.toSpliced(1, 1),
      lines.toSpliced(0, 1),
      lines.with(1, changedLine(lines[1] ?? '')),
      lines.with(3, changedLine(lines[3] ?? '')),
      lines.with(4, '{}'),
    ]) {
      await writeFile(file, changed.join('\n'));
      for (const reader of [registry, openRegistry(folder, clock)])
        await expect(reader.state()).rejects.toMatchObject({ code: 'HF503', place: { file } });
    }
    await writeFile(file, text);
    expect((await registry.state()).champion).toBe(2);
  });

  test('tells a line that was put in the place of another along with its hash', async () => {
    await make(registered(1), promoted(1), registered(2), promoted(2));
    const other = await mkdtemp(path.join(tmpdir(), 'holdfast-registry-'));
    try {
      const forger = openRegistry(other, clock);
      for (const change of [registered(1), promoted(1)]) await forger.change({ by: 'eva' }, () => change);
      const [, forged = ''] = (await readFile(path.join(other, 'history.jsonl'), 'utf8')).split('\n');
      const file = path.join(folder, 'history.jsonl');
      const lines = (await readFile(file, 'utf8')).split('\n');
      await writeFile(file, lines.with(1, forged).join('\n'));
      expect(await registry.historyFault()).toMatch(/^event [12] is not the one that was written$/);
    } finally {
      await rm(other, { recursive: true });
    }
  });

  test('is refused where it is gone although decisions lie beside it', async () => {
    await make(registered(1), promoted(1));
    await registry.storeEvidence({ figure: 0.5 });
    await rm(path.join(folder, 'history.jsonl'));
    await expect(openRegistry(folder, clock).state()).rejects.toMatchObject({ code: 'HF503' });
  });

  test('stores evidence under its hash and refuses what was changed', async () => {
    const reference = await registry.storeEvidence({ figure: 0.5 });
    expect(await registry.readEvidence(reference)).toEqual({ figure: 0.5 });
    await writeFile(path.join(folder, reference.file), '{"figure":0.6}');
    await expect(registry.readEvidence(reference)).rejects.toMatchObject({ code: 'HF503' });
    await rm(path.join(folder, reference.file));
    await expect(registry.readEvidence(reference)).rejects.toMatchObject({ code: 'HF503' });
  });
});

test('any sequence of changes leaves one champion at most, and a history that leads to the present state', async () => {
  const changes = fc.array(
    fc.tuple(
      fc.constantFrom(
        'registered',
        'champion_kept',
        'proposed',
        'promoted',
        'rolled_back',
        'archived',
        'removed',
      ),
      fc.integer({ min: 1, max: 5 }),
      fc.boolean(),
    ),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(changes, async (sequence) => {
      const own = await mkdtemp(path.join(tmpdir(), 'holdfast-registry-'));
      try {
        const tried = openRegistry(own, clock);
        let seen: RegistryState | undefined;
        for (const [kind, set, isFit] of sequence) {
          const change = kind === 'registered' ? registered(set) : { kind, set, evidence, isFit };
          await tried
            .change(AUTHOR, () => change)
            .catch((error: unknown) => {
              expect(error).toBeInstanceOf(HoldfastError);
            });
          seen = await tried.state();
          const inProduction = [...seen.sets.values()].filter(({ stage }) => stage === 'production');
          expect(inProduction.map(({ id }) => id)).toEqual(seen.champion === null ? [] : [seen.champion]);
          if (seen.champion !== null) expect(seen.reigns.at(-1)).toBe(seen.champion);
          expect(seen.challenger === null || seen.challenger !== seen.champion).toBe(true);
        }
        const events = await tried.events();
        if (seen !== undefined) expect(replay(events)).toEqual(seen);
        expect(firstBrokenLink(events)).toBeUndefined();
        for (const [index, event] of events.entries()) {
          const { champion, challenger } = replay(events.slice(0, index + 1));
          expect(event.after).toEqual({ champion, challenger });
          expect(event.before).toEqual(events[index - 1]?.after ?? { champion: null, challenger: null });
        }
      } finally {
        await rm(own, { recursive: true });
      }
    }),
    { numRuns: 40 },
  );
});
