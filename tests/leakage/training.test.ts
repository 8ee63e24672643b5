/** What the audit does to a training, what the pack says of findings, and what the command prints. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { HoldfastError } from '../../src/kernel/index.ts';
import { LEAK_KINDS } from '../../src/pack/index.ts';
import { fileHashes } from '../main-job/lake-state.ts';
import { openWorkspace, type TestWorkspace } from '../support/workspace.ts';
import { type Change, changedPack, gym, GYM_PACK, landGym } from './gym.ts';

const GUIDE = path.join(import.meta.dirname, '../../docs/guides/leakage-audit.md');

/** Late visits are counted before they arrived. */
const LATE: Change = { file: 'pack.yaml', from: '      available_at: received_on\n', to: '' };
const acknowledge = (...features: readonly string[]): Change => ({
  file: 'pack.yaml',
  to: `\naudit:\n  acknowledged:\n${features
    .map(
      (name) =>
        `    - { feature: ${name}, kind: late_arrival, reason: the doors are read by hand every night }\n`,
    )
    .join('')}`,
});

interface Printed {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process. */
async function print(words: readonly string[]): Promise<Printed> {
  const said = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof said): Writable =>
    new Writable({
      decodeStrings: false,
      write: (text: string, _encoding, done) => {
        said[name] += text;
        done();
      },
    });
  const exitCode = await main(words, {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    environment: {},
  });
  return { exitCode, ...said };
}

test('the guide explains every kind of finding', async () => {
  const guide = await readFile(GUIDE, 'utf8');
  const explained = [...guide.matchAll(/^\| `([a-z_]+)`/gm)].map(([, kind]) => kind);
  expect(explained.sort()).toEqual([...LEAK_KINDS].sort());
});

describe('training', () => {
  let workspace: TestWorkspace;

  const train = (pack: string): Promise<unknown> =>
    workspace.run({ from: 'train', to: 'train' }, { pack }).then(
      () => undefined,
      (error: unknown) => error,
    );
  const rebuiltBy = async (): Promise<string> => {
    const text = await readFile(path.join(workspace.folder, 'reports/audit-leakage.json'), 'utf8');
    return (JSON.parse(text) as { rebuilt: { run_id: string } }).rebuilt.run_id;
  };

  beforeAll(async () => {
    workspace = await openWorkspace({ pack: GYM_PACK });
    await landGym(workspace, gym());
    await workspace.run({ to: 'build' });
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  test('is refused by name while nobody acknowledges a finding, and leaves no model', async () => {
    await using leaky = await changedPack(GYM_PACK, [LATE]);
    const refused = await train(leaky.folder);
    expect(refused).toBeInstanceOf(HoldfastError);
    expect(refused).toMatchObject({ code: 'HF506', exitCode: 1, place: { field: 'visits_30d' } });
    expect((refused as HoldfastError).message).toContain(
      'visits_30d (late_arrival), minutes_90d (late_arrival)',
    );
    expect((refused as HoldfastError).hint).toContain(
      'audit: { acknowledged: [{ feature: visits_30d, kind: late_arrival, reason: ... }] }',
    );
    expect(await fileHashes(workspace, 'models')).toEqual({});
    const [line] = await workspace.rows(
      "SELECT status, failed_rows, total_rows FROM quality.expectation_results WHERE expectation = 'leakage_audit' ORDER BY checked_at DESC LIMIT 1",
    );
    expect(line).toEqual({ status: 'FAIL', failed_rows: 2, total_rows: 8 });
  });

  test('is refused while only some of the findings are acknowledged, or another kind of them', async () => {
    await using half = await changedPack(GYM_PACK, [LATE, acknowledge('visits_30d')]);
    expect(await train(half.folder)).toMatchObject({ code: 'HF506', place: { field: 'minutes_90d' } });
    await using other = await changedPack(GYM_PACK, [
      LATE,
      acknowledge('visits_30d', 'fee'),
      {
        file: 'pack.yaml',
        to: '    - { feature: minutes_90d, kind: separates, reason: looked at by the office }\n',
      },
    ]);
    expect(await train(other.folder)).toMatchObject({ code: 'HF506', place: { field: 'minutes_90d' } });
  });

  test('goes on where all are acknowledged, and does not rebuild again what has not changed', async () => {
    await using known = await changedPack(GYM_PACK, [LATE, acknowledge('visits_30d', 'minutes_90d')]);
    expect(await train(known.folder)).toBeUndefined();
    const first = await rebuiltBy();
    expect(await train(known.folder)).toBeUndefined();
    expect(await rebuiltBy()).toBe(first);
    await using changed = await changedPack(known.folder, [
      { file: 'sql/gold/member_features.sql', from: '  snapshot.fee,', to: '  snapshot.fee + 0 AS fee,' },
    ]);
    expect(await train(changed.folder)).toBeUndefined();
    expect(await rebuiltBy()).not.toBe(first);
  });

  test('leaves nothing of the sample behind', async () => {
    expect(Object.keys(await fileHashes(workspace, 'temporary'))).toEqual([]);
  });

  test('is preceded by the command, whose output the guide shows', async () => {
    await using leaky = await changedPack(GYM_PACK, [LATE, acknowledge('minutes_90d')]);
    const words = ['audit', 'leakage', '--workspace', workspace.folder, '--pack', leaky.folder];
    const shown = await print([...words, '--quiet']);
    expect(shown.exitCode).toBe(1);
    const example = /```text\n(feature [\s\S]*?)```/.exec(await readFile(GUIDE, 'utf8'))?.[1];
    expect(shown.stdout, shown.stdout).toBe(example);

    const printed = await print([...words, '--json', '--entities', '60', '--dates', '1']);
    expect(printed.exitCode).toBe(1);
    expect(JSON.parse(printed.stdout)).toMatchObject({
      schema: 'holdfast.audit-leakage/1',
      passed: false,
      pack: 'gym',
      rebuilt: { entities: 60, dates: [expect.stringMatching(/^\d{4}-\d\d-01$/) as string] },
      features: expect.arrayContaining([
        {
          feature: 'spent_last_month',
          tables: ['silver.spending'],
          columns: ['silver.spending.amount', 'silver.spending.month'],
          raw_columns: ['bronze.payments.amount', 'bronze.payments.paid_on'],
          window: '1 calendar month before the month of T',
          available: 'before T, by available_on',
          verdict: 'none',
          kinds: [],
          separation: { '30d': expect.any(Number) as number, '60d': expect.any(Number) as number },
        },
      ]) as unknown[],
    });
  });
});
