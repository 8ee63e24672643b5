import { access, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { holdfast, type Outcome } from './holdfast.ts';

let workspace: string;
let demo: Outcome;

/** Few rounds: what is tested is the command line, not the model. */
const FAST = ['--set', 'learner.rounds=20'];

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'holdfast-cli-'));
  demo = await holdfast(['demo', '--customers', '400', '--workspace', workspace, '--json', ...FAST]);
});
afterAll(() => rm(workspace, { recursive: true, force: true }));

const inWorkspace = (...words: string[]): Promise<Outcome> => holdfast([...words, '--workspace', workspace]);

async function json(...words: string[]): Promise<Record<string, unknown>> {
  const outcome = await inWorkspace(...words, '--json', '--quiet');
  expect(outcome.stderr).toBe('');
  expect(outcome.exitCode).toBe(0);
  return JSON.parse(outcome.stdout) as Record<string, unknown>;
}

describe('demo', () => {
  it('goes from made-up data to action lists', async () => {
    expect(demo.exitCode).toBe(0);
    const document = JSON.parse(demo.stdout) as {
      readonly schema: string;
      readonly steps: readonly { readonly step: string }[];
    };
    expect(document.schema).toBe('holdfast.demo/1');
    expect(document.steps.map(({ step }) => step)).toEqual([
      'ingest',
      'build',
      'train',
      'promote',
      'score',
      'lists',
    ]);
    expect((await readdir(join(workspace, 'lists'))).filter((name) => name.endsWith('.csv'))).toHaveLength(3);
    await expect(access(join(workspace, 'landing.partial'))).rejects.toThrow();
  });

  it('uses the files that lie in landing/ the second time and changes nothing', async () => {
    const again = await inWorkspace('demo', ...FAST);
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toContain('already holds files');
    expect(again.stderr).toContain('scores unchanged');
  });
});

describe('looking at the lake', () => {
  it('tables lists all tables and the versions of one', async () => {
    const all = (await json('tables')) as { readonly tables: readonly { readonly table: string }[] };
    expect(all.tables.map(({ table }) => table)).toContain('gold.churn_scores');
    const one = (await json('tables', 'silver.calls')) as {
      readonly versions: readonly { readonly version: number; readonly operation: string }[];
    };
    expect(one.versions).toMatchObject([{ version: 0, operation: 'BUILD' }]);
  });

  it('query answers a SELECT, with all rows for programs and a stated part for people', async () => {
    const sql = 'SELECT unique_customer_identifier FROM silver.customer_info';
    const document = (await json('query', sql)) as { readonly total: number; readonly rows: unknown[] };
    expect(document.rows).toHaveLength(document.total);
    const people = await inWorkspace('query', sql, '--limit', '3');
    expect(people.stdout.trim().split('\n')).toHaveLength(4);
    expect(people.stderr).toMatch(/^3 of [\d,]+ rows; --limit 0 shows all\.\n$/);
  });

  it('query reads a version, which is not the version of the program', async () => {
    const document = await json('query', 'SELECT count(*) AS n FROM gold.churn_scores', '--version', '0');
    expect(document['columns']).toEqual(['n']);
    const missing = await inWorkspace('query', 'SELECT 1 AS one FROM gold.churn_scores', '--version', '9');
    expect(missing.exitCode).toBe(2);
    expect(missing.stderr).toMatch(/^error\[HF302\]/);
  });

  it.each([
    ['DELETE FROM silver.calls', 'HF405'],
    ["SELECT * FROM read_csv('/etc/hostname')", 'HF405'],
    ["SELECT * FROM '/etc/hostname'", 'HF'],
    ['SELECT * FROM silver.cals', 'HF301'],
  ])('query refuses %s', async (sql, code) => {
    const { exitCode, stdout, stderr } = await inWorkspace('query', sql);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(`error[${code}`);
  });

  it('lists show prints the most urgent first and refuses an unknown list with the nearest', async () => {
    const document = (await json('lists', 'show', 'loyalty', '--limit', '2')) as {
      readonly rows: readonly { readonly list_rank: number }[];
    };
    expect(document.rows.map((row) => row.list_rank)).toEqual([1, 2].slice(0, document.rows.length));
    const { exitCode, stderr } = await inWorkspace('lists', 'show', 'loyalti');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('did you mean loyalty?');
  });

  it('explain says why, in words for people and in full for programs', async () => {
    const key = 'unique_customer_identifier';
    const { rows } = (await json(
      'query',
      `SELECT ${key}, risk_tier FROM gold.churn_scores WHERE risk_tier <> 'GREEN' ORDER BY 1 LIMIT 1`,
    )) as { readonly rows: readonly Record<string, string>[] };
    const customer = rows[0]?.[key] ?? '';
    const document = (await json('explain', customer, '--lime')) as {
      readonly schema: string;
      readonly observation_date: string;
      readonly scored: { readonly tier: string };
      readonly explained: { readonly contributions: readonly unknown[]; readonly base_value: number };
      readonly lime: { readonly fit: number; readonly least_fit: number };
    };
    expect(document.schema).toBe('holdfast.explain/1');
    expect(document.scored.tier).toBe(rows[0]?.['risk_tier']);
    expect(document.explained.contributions).toHaveLength(32);
    expect(document.lime.least_fit).toBe(0.6);
    const people = await inWorkspace('explain', customer, '--horizon', '90', '--lime');
    expect(people.exitCode).toBe(0);
    expect(people.stdout).toContain(`Customer ${customer} at ${document.observation_date}: `);
    expect(people.stdout).toContain('Why, by the model for 90 days:');
    expect(people.stdout).toContain('22 weaker ones (--all shows them)');
    expect(people.stdout).toContain('sum = raw score');
    expect(people.stdout).toContain('Second opinion (LIME): ');
    const all = await inWorkspace('explain', customer, '--all');
    expect(all.stdout).not.toContain('weaker ones');
    expect(all.stdout).toContain('tenure_bucket');
  });

  it.each([
    [['explain', 'nobody-at-all'], 'there is no customer nobody-at-all with features at '],
    [['explain', "x' OR '1'='1"], "there is no customer x' OR '1'='1 with features at "],
    [['explain', 'x', '--date', '2024-02-31'], 'there are no features at 2024-02-31'],
    [['explain', 'x', '--date', 'soon'], 'Expected a date such as 2024-09-01'],
    [['explain', 'x', '--horizon', '45'], 'the pack has no horizon of 45 days'],
    [['explain', 'x', 'y'], 'explain does not take "y"'],
    [['explain'], "missing required argument 'entity'"],
  ])('%j is refused in words', async (words, message) => {
    const { exitCode, stdout, stderr } = await inWorkspace(...words);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain('error[HF101]');
    expect(stderr).toContain(message);
  });

  it('explain without a model set says to train first', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'holdfast-cli-empty-'));
    const { exitCode, stderr } = await holdfast(['explain', 'x', '--workspace', empty]);
    await rm(empty, { recursive: true });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error[HF108]: there is no model set');
  });

  it('runs shows the newest run first', async () => {
    const { runs } = (await json('runs')) as { readonly runs: readonly { readonly command: string }[] };
    expect(runs.at(-1)).toMatchObject({ command: 'demo', status: 'done' });
  });

  it('plan says that nothing but the lists would be written again', async () => {
    const { steps } = (await json('plan', ...FAST)) as {
      readonly steps: readonly { readonly step: string; readonly action: string }[];
    };
    expect(steps.filter(({ action }) => action === 'run').map(({ step }) => step)).toEqual(['lists']);
  });
});

describe('steps one by one', () => {
  it('score --export writes the newest scores to a CSV file', async () => {
    const file = join(workspace, 'scores.csv');
    const document = (await json('score', '--export', file, ...FAST)) as {
      readonly export: { readonly rows: number };
    };
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(document.export.rows + 1);
    expect(lines[0]).toMatch(/^unique_customer_identifier,score_date,probability_30d,/);
  });

  it('lists --capacity keeps the most urgent and says how many were left', async () => {
    const { stderr, exitCode } = await inWorkspace('lists', '--capacity', 'loyalty=1');
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/loyalty: \d+ of \d+ left out, beyond the capacity of 1/);
  });

  it('backtest counts what past lists would have caught, list by list', async () => {
    const words = ['backtest', '--months', '1', '--capacity', 'loyalty=5', ...FAST];
    const document = (await json(...words)) as {
      readonly schema: string;
      readonly lists: readonly {
        readonly list: string;
        readonly horizon_days: number;
        readonly months: readonly { readonly observed_on: string; readonly in_vain?: number }[];
      }[];
      readonly file: string;
    };
    expect(document.schema).toBe('holdfast.backtest/1');
    expect(document.lists.map(({ list }) => list)).toEqual(['loyalty', 'marketing', 'customer_success']);
    for (const { months } of document.lists) expect(months).toHaveLength(1);
    await access(document.file);
  });

  it('evaluate --folds shows the models of past months with their mean', async () => {
    const { stdout, exitCode } = await inWorkspace('evaluate', '--resamples', '2', '--folds', '1', ...FAST);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Folds: models trained on what was known at a past month');
    expect(stdout).toMatch(/^ +30 {2}mean /m);
    const refused = await inWorkspace('evaluate', '--folds', '-1');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('error[HF101');
  });

  it('features get writes features as known on a date', async () => {
    const { rows } = (await json(
      'query',
      'SELECT min(unique_customer_identifier) AS id FROM silver.customer_info',
    )) as { readonly rows: readonly { readonly id: string }[] };
    const entities = join(workspace, 'entities.csv');
    const out = join(workspace, 'features.csv');
    await writeFile(
      entities,
      `unique_customer_identifier,observation_date\n${rows[0]?.id ?? ''},2024-06-15\n`,
    );
    const document = await json('features', 'get', '--entities', entities, '--out', out);
    expect(document).toMatchObject({ schema: 'holdfast.features-get/1', rows: 1 });
    expect((await readFile(out, 'utf8')).split('\n')[0]).toContain('contract_status_ord');
  });

  it('run refuses steps in the wrong order', async () => {
    const { exitCode, stderr } = await inWorkspace('run', '--from', 'lists', '--to', 'build');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error\[HF101\]: --from lists comes after --to build\n/);
  });

  it('generate writes the same files for the same seed', async () => {
    const write = (name: string): Promise<Outcome> =>
      inWorkspace(
        'generate',
        'broadband',
        '--customers',
        '100',
        '--seed',
        '3',
        '--out',
        join(workspace, name),
      );
    const [first, second] = [await write('one'), await write('two')];
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toBe(second.stdout);
    const cease = await readFile(join(workspace, 'one', 'cease.csv'));
    expect(cease.equals(await readFile(join(workspace, 'two', 'cease.csv')))).toBe(true);
  });
});
