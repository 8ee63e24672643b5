/** From the first set to a roll-back, as the commands do it: what is in use, why, and on whose word. */
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  approve,
  archive,
  collectGarbage,
  compareSets,
  compose,
  promoteStep,
  type PromoteResult,
  rollback,
  setNamed,
  verifyModels,
} from '../../src/workflow/index.ts';
import { copyOf, failureOf, fileHashes } from '../main-job/lake-state.ts';
import { changedMagazine, MAGAZINE_PACK, openMagazine, readers } from '../main-job/magazine.ts';
import type { Context } from '../../src/workflow/index.ts';
import type { TestWorkspace } from '../support/workspace.ts';

/** A model of one round ranks worse than one of many. */
const WEAK = { 'learner.rounds': 1 };
const MAGAZINE = { pack: MAGAZINE_PACK };

let workspace: TestWorkspace;
beforeAll(async () => {
  workspace = await openMagazine();
  await workspace.land('readers_1.csv', readers(3000));
  await workspace.run({ to: 'promote' }, WEAK);
  await workspace.run({ from: 'train', to: 'train' });
});
afterAll(() => workspace[Symbol.asyncDispose]());

const stateOf = (of: TestWorkspace) => of.withContext(({ registry }) => registry.state());

const promote = (of: TestWorkspace, set: number, options: object = {}): Promise<PromoteResult> =>
  of.withContext(async (context) => (await promoteStep(context, { set, ...options })).result);

const newestScores = async (of: TestWorkspace): Promise<unknown[]> =>
  (await of.rows('SELECT DISTINCT model_set AS s FROM gold.churn_scores')).map((row) => Number(row['s']));

describe('the first set', () => {
  test('is champion where the gates let it, since there is none to be better than', async () => {
    const state = await stateOf(workspace);
    expect(state).toMatchObject({ champion: 1, challenger: 2 });
    const events = await workspace.withContext(({ registry }) => registry.events());
    expect(events.map(({ kind }) => kind)).toEqual(['registered', 'promoted', 'registered']);
  });
});

describe('a better challenger', () => {
  test('takes over on the evidence of the same test rows, and its scores follow', async () => {
    await using copy = await copyOf(workspace, MAGAZINE);
    await copy.run({ from: 'score', to: 'lists' });
    expect(await newestScores(copy)).toEqual([1]);
    const result = await promote(copy, 2, { why: 'more rounds', by: 'ana' });
    expect(result).toMatchObject({ outcome: 'promoted', champion: 2 });
    expect(result.verdicts.every(({ passed }) => passed)).toBe(true);
    expect(result.verdicts.find(({ gate }) => gate === 'better')?.value).toBeGreaterThan(0);
    await copy.run({ from: 'score', to: 'lists' });
    expect(await newestScores(copy)).toEqual([2]);
    const [event] = (await copy.withContext(({ registry }) => registry.events())).slice(-1);
    expect(event).toMatchObject({ kind: 'promoted', by: 'ana', why: 'more rounds', after: { champion: 2 } });
  });
});

describe('after the better one was promoted', () => {
  let after: TestWorkspace;
  beforeAll(async () => {
    after = await copyOf(workspace, MAGAZINE);
    await promote(after, 2);
    await after.run({ from: 'score', to: 'lists' });
  });
  afterAll(() => after[Symbol.asyncDispose]());

  test('a worse challenger is a normal end: the champion is kept, and scores are not made anew', async () => {
    await using copy = await copyOf(after, MAGAZINE);
    const { steps } = await copy.run({ retrain: true }, { 'learner.rounds': 2 });
    const { result, summary } = steps.find(({ step }) => step === 'promote') ?? {};
    expect(result).toMatchObject({ outcome: 'champion kept', set: 3, champion: 2 });
    expect(summary).toContain('champion kept: set 2');
    expect(await newestScores(copy)).toEqual([2]);
    expect((await stateOf(copy)).sets.get(3)?.stage).not.toBe('production');
  });

  test('a set that was archived does not come back because training gives it again', async () => {
    await using copy = await copyOf(after, MAGAZINE);
    const { steps } = await copy.run({ from: 'train', to: 'promote' }, WEAK);
    expect(steps.at(-1)?.summary).toContain('training gave set 1 again, which was archived');
    expect(await stateOf(copy)).toMatchObject({ champion: 2, challenger: null });
    expect(await failureOf(promote(copy, 1))).toMatchObject({ code: 'HF509' });
  });

  test("it is promoted all the same on somebody's word, who must say why", async () => {
    await using copy = await copyOf(after, MAGAZINE);
    expect(await failureOf(promote(copy, 1, { overrule: true }))).toMatchObject({ code: 'HF101' });
    expect(await promote(copy, 1, { overrule: true, why: 'the other one leaks' })).toMatchObject({
      outcome: 'promoted',
      champion: 1,
    });
    const [event] = (await copy.withContext(({ registry }) => registry.events())).slice(-1);
    expect(event).toMatchObject({ kind: 'promoted', why: 'the other one leaks' });
    expect(event !== undefined && 'overruled' in event ? event.overruled : []).not.toEqual([]);
  });

  test('a roll-back returns to the champion before and says what it means for the scores', async () => {
    await using copy = await copyOf(after, MAGAZINE);
    const { result, summary } = await copy.withContext((context) =>
      rollback(context, { why: 'a wrong list' }),
    );
    expect(result).toMatchObject({ champion: 1, before: 2, scores: { modelSet: 2 } });
    expect(summary).toContain('are still those of set 2, until holdfast run --from score');
    expect((await stateOf(copy)).champion).toBe(1);
    await copy.run({ from: 'score', to: 'lists' });
    expect(await newestScores(copy)).toEqual([1]);
    expect(await failureOf(copy.withContext((context) => rollback(context, { why: 'again' })))).toMatchObject(
      {
        code: 'HF507',
      },
    );
    await copy.withContext((context) => rollback(context, { to: 2, why: 'it was right' }));
    expect((await stateOf(copy)).champion).toBe(2);
    await copy.run({ from: 'train', to: 'train' }, { 'learner.rounds': 2 });
    // What never was champion is nothing to go back to: the gates decide about it.
    expect(
      await failureOf(copy.withContext((context) => rollback(context, { to: 3, why: 'x' }))),
    ).toMatchObject({ code: 'HF509' });
  });

  test('a roll-back to a set whose files are damaged is refused, and the champion stays', async () => {
    await using copy = await copyOf(after, MAGAZINE);
    await writeFile(path.join(copy.folder, 'models/churn_model_90d/1/calibrator.json'), '{}');
    const failure = await failureOf(copy.withContext((context) => rollback(context, { why: 'x' })));
    expect(failure.code).toBe('HF503');
    expect((await stateOf(copy)).champion).toBe(2);
  });

  test('two sets are compared without any change', async () => {
    const before = await fileHashes(after, 'models');
    const { result } = await after.withContext((context) => compareSets(context, 1, 2));
    expect(result.verdicts.some(({ gate, passed }) => gate === 'better' && !passed)).toBe(true);
    expect(await fileHashes(after, 'models')).toEqual(before);
  });

  test('archived sets are deleted, the champion and the one before are not', async () => {
    await using copy = await copyOf(after, MAGAZINE);
    await copy.run({ from: 'train', to: 'train' }, { 'learner.rounds': 2 });
    await copy.withContext((context) => archive(context, 3, { why: 'an experiment' }));
    const { result } = await copy.withContext((context) => collectGarbage(context, { keep: 0 }));
    expect(result.sets).toEqual([3]);
    expect(result.paths).toContain('sets/3.json');
    expect(result.paths).toContain('churn_model_90d/3');
    const state = await stateOf(copy);
    expect(state.sets.get(3)?.isRemoved).toBe(true);
    expect(() => setNamed(state, '3')).toThrow(/its files were deleted/);
    expect(
      (await copy.withContext((context) => verifyModels(context))).filter(({ fault }) => fault !== null),
    ).toEqual([]);
  });

  test('the model of a horizon is exchanged by a set, new or known, that must be judged', async () => {
    await using copy = await copyOf(after, MAGAZINE);
    const composed = (versions: Record<string, number>) =>
      copy.withContext((context) => compose(context, 2, versions));
    expect((await composed({ churn_model_90d: 1 })).result).toEqual({ set: 1, standing: 'archived' });
    expect((await composed({ churn_model_90d: 2 })).result).toEqual({ set: 2, standing: 'champion' });
    expect(await failureOf(composed({ churn_model_30d: 1 }))).toMatchObject({ code: 'HF507' });
    expect(await failureOf(composed({ churn_model_90d: 9 }))).toMatchObject({ code: 'HF507' });
  });
});

describe('where the pack asks for an approval', () => {
  const APPROVAL = {
    file: 'pack.yaml',
    from: 'tiers:\n',
    to: 'promotion: { approval: required }\ntiers:\n',
  };

  test('somebody else approves, and only what was measured on the rows of today', async () => {
    await using pack = await changedMagazine(APPROVAL);
    await using copy = await copyOf(workspace, { pack: pack.folder });
    const proposed = await promote(copy, 2, { by: 'ana' });
    expect(proposed).toMatchObject({ outcome: 'proposed', champion: 1 });
    expect((await stateOf(copy)).proposal).toMatchObject({ set: 2, by: 'ana' });
    const approveAs = (by: string) => copy.withContext((context) => approve(context, { by }));
    expect(await failureOf(approveAs('ana'))).toMatchObject({ code: 'HF509' });

    await using stale = await copyOf(copy, { pack: pack.folder });
    await stale.land('readers_2.csv', readers(3300).slice(3000));
    await stale.run({ to: 'build' });
    const failure = await failureOf(stale.withContext((context) => approve(context, { by: 'ben' })));
    expect(failure).toMatchObject({ code: 'HF508', exitCode: 1 });
    expect(failure.message).toContain('test rows');
    expect((await stateOf(stale)).champion).toBe(1);

    expect((await approveAs('ben')).result).toEqual({ set: 2, before: 1 });
    expect(await stateOf(copy)).toMatchObject({ champion: 2, proposal: null });
    const [event] = (await copy.withContext(({ registry }) => registry.events())).slice(-1);
    expect(event).toMatchObject({ kind: 'promoted', by: 'ben', approves: 4 });
    expect(await failureOf(approveAs('ben'))).toMatchObject({ code: 'HF507' });
  });

  test('who overrules the gates still needs the second person', async () => {
    await using pack = await changedMagazine(APPROVAL);
    await using copy = await copyOf(workspace, { pack: pack.folder });
    const result = await promote(copy, 2, { by: 'ana', overrule: true, why: 'I know better' });
    expect(result).toMatchObject({ outcome: 'proposed', champion: 1 });
    await copy.run({ from: 'train', to: 'train' }, { 'learner.rounds': 5 });
    const { summary } = await copy.withContext((context) =>
      promoteStep(context, { set: 3, overrule: true, why: 'this one' }),
    );
    expect(summary).toContain('the proposal of set 2 by ana is gone');
  });

  test('evidence that was changed or lost is not approved', async () => {
    await using pack = await changedMagazine(APPROVAL);
    await using copy = await copyOf(workspace, { pack: pack.folder });
    const { evidence } = await promote(copy, 2, { by: 'ana' });
    const file = path.join(copy.folder, 'models', evidence?.file ?? '');
    await writeFile(file, '{}');
    const approved = () => copy.withContext((context) => approve(context, { by: 'ben' }));
    expect(await failureOf(approved())).toMatchObject({ code: 'HF503', place: { file } });
    await rm(file);
    expect(await failureOf(approved())).toMatchObject({ code: 'HF503' });
  });
});

describe('a champion whose files are damaged', () => {
  test('does not keep another set from its place', async () => {
    await using copy = await copyOf(workspace, MAGAZINE);
    await writeFile(path.join(copy.folder, 'models/churn_model_90d/1/calibrator.json'), '{}');
    const result = await promote(copy, 2);
    expect(result).toMatchObject({ outcome: 'promoted', champion: 2 });
    expect(result.verdicts.find(({ gate }) => gate === 'champion_unusable')?.reason).toContain('is damaged');
  });
});

describe('rows that a model was trained on', () => {
  test('count for neither set, and are counted', async () => {
    // With another split, rows of test are among those that the champion was trained on.
    await using pack = await changedMagazine({
      file: 'pack.yaml',
      from: 'train: 0.6, validation: 0.2, test: 0.2',
      to: 'train: 0.4, validation: 0.2, test: 0.4',
    });
    await using copy = await copyOf(workspace, { pack: pack.folder });
    await copy.run({ from: 'build', to: 'build' });
    await copy.run({ from: 'train', to: 'train' });
    const { verdicts } = await promote(copy, 3);
    const better = verdicts.find(({ gate }) => gate === 'better');
    expect(better?.reason).toMatch(/rows left out that one of them was trained on/);
  });
});

describe('a training set that changes while it is measured', () => {
  test('leaves the champion as it is', async () => {
    await using copy = await copyOf(workspace, MAGAZINE);
    const failure = await copy.withContext(async (context) => {
      const { lake } = context;
      const changing: Context = {
        ...context,
        lake: {
          root: lake.root,
          names: () => lake.names(),
          exists: (table) => lake.exists(table),
          history: (table) => lake.history(table),
          write: (table, select, write) => lake.write(table, select, write),
          attach: (tables, versions) => lake.attach(tables, versions),
          define: (view, table, version) => lake.define(view, table, version),
          vacuum: (table, options) => lake.vacuum(table, options),
          // As after a commit that came in between.
          snapshot: async (table, version) => ({ ...(await lake.snapshot(table, version)), version: 99 }),
        },
      };
      return failureOf(promoteStep(changing, { set: 2 }));
    });
    expect(failure).toMatchObject({ code: 'HF508' });
    expect((await stateOf(copy)).champion).toBe(1);
  });
});

describe('two promotions at once', () => {
  test('end in one champion, and the slower one is told that it was measured against another', async () => {
    await using copy = await copyOf(workspace, MAGAZINE);
    await copy.run({ from: 'train', to: 'train' }, { 'learner.rounds': 40, 'learner.seed': 9 });
    const outcomes = await Promise.allSettled(
      [2, 3].map((set) => promote(copy, set, { overrule: true, why: 'a race' })),
    );
    const failures = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
    );
    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ code: 'HF508', exitCode: 1 });
    expect([2, 3]).toContain((await stateOf(copy)).champion);
  });
});
