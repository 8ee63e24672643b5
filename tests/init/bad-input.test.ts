/** Tables that are none, or that say something odd: a clear error or a decision that is said. */
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/workflow/index.ts';
import { openWorkspace } from '../support/workspace.ts';
import { type InitFolder, openInitFolder } from './made-pack.ts';

let place: InitFolder;
beforeEach(async () => {
  place = await openInitFolder();
});
afterEach(() => place[Symbol.asyncDispose]());

const target = { target: 'churn' };

interface Shape {
  readonly head?: string;
  readonly row?: (index: number, left: boolean) => string;
  readonly rows?: number;
}

/** Rows whose plan tells something of who left. */
function table({ head = 'id,age,plan,churn', row, rows = 300 }: Shape = {}): string {
  const lines = Array.from({ length: rows }, (_, index) => {
    const left = (index * 7919) % 10 < (index % 3 === 0 ? 5 : 2);
    return row === undefined
      ? `K${String(index)},${String(18 + ((index * 31) % 60))},${'ABC'[index % 3] ?? ''},${left ? 'Yes' : 'No'}`
      : row(index, left);
  });
  return `${[head, ...lines].join('\n')}\n`;
}

const yesNo = (left: boolean): string => (left ? 'Yes' : 'No');

describe('init refuses', () => {
  it.each([
    ['what is no text', 'HF202', Uint8Array.from({ length: 4000 }, (_, index) => (index * 7919) % 256)],
    ['a letter instead of a table', 'HF207', 'Dear all\nthis is a letter\nit has no table\n'],
    ['an empty file', 'HF206', ''],
    ['a header without rows', 'HF206', 'id,age,churn\n'],
    ['two columns of one name', 'HF202', table({ head: 'id,age,age,churn' })],
    ['a target of one value', 'HF505', table({ row: (index) => `K${String(index)},1,A,No` })],
    [
      'a target of forty values',
      'HF207',
      table({ row: (index) => `K${String(index)},1,A,v${String(index % 40)}` }),
    ],
    ['a target that is not there', 'HF203', table({ head: 'id,age,plan,left_us' })],
    [
      'a table of key and target',
      'HF207',
      table({ head: 'id,churn', row: (index, left) => `K${String(index)},${yesNo(left)}` }),
    ],
    [
      '10,000 columns',
      'HF207',
      `${['churn', ...Array.from({ length: 10_000 }, (_, index) => `c${String(index)}`)].join(',')}\n${['Yes', ...Array.from({ length: 10_000 }, () => '1')].join(',')}\n`,
    ],
  ])('%s', async (_, code, content) => {
    await expect(place.init('data.csv', content, target)).rejects.toMatchObject({ code });
  });

  it('to go without a target, and lists the likely ones', async () => {
    await expect(place.init('data.csv', table())).rejects.toMatchObject({
      code: 'HF101',
      hint: expect.stringContaining('--target churn') as string,
    });
  });

  it('a folder that holds something else, and another file of the same name', async () => {
    await mkdir(path.join(place.folder, 'full'));
    await writeFile(path.join(place.folder, 'full/notes.txt'), 'mine');
    await expect(
      place.init('data.csv', table(), { ...target, folder: path.join(place.folder, 'full') }),
    ).rejects.toMatchObject({ code: 'HF108' });
    await place.init('data.csv', table(), target);
    await expect(
      place.init('data.csv', table({ rows: 400 }), {
        ...target,
        folder: path.join(place.folder, 'other'),
        force: false,
      }),
    ).rejects.toMatchObject({ code: 'HF108', place: { file: expect.stringContaining('landing') as string } });
  });

  it('columns of flags that the table does not have', async () => {
    for (const wrong of [
      { keep: ['no'] },
      { drop: ['no'] },
      { dates: ['no'] },
      { key: 'no' },
      { revenue: 'no' },
    ])
      await expect(place.init('data.csv', table(), { ...target, ...wrong })).rejects.toMatchObject({
        code: 'HF203',
      });
  });
});

describe('init decides and says so, given', () => {
  const says = async (content: string, options = {}): Promise<string> => {
    const { profile } = await place.init('data.csv', content, { ...target, ...options });
    return profile.findings.map(({ column, says: text }) => `${column ?? ''}: ${text}`).join('\n');
  };

  it('a byte-order mark', async () => {
    const { profile } = await place.init('data.csv', `\uFEFF${table()}`, target);
    expect(profile.columns[0]?.name).toBe('id');
  });

  it('a header in line 3', async () => {
    const { profile, read } = await place.init(
      'data.csv',
      `Customers of the year\nprinted in May\n${table()}`,
      target,
    );
    expect(profile.rows).toBe(300);
    expect(await read('pack.yaml')).toContain('header_line: 3');
  });

  it('a column without any value', async () => {
    const content = table({
      head: 'id,note,plan,churn',
      row: (index, left) => `K${String(index)},,${'AB'[index % 2] ?? ''},${yesNo(left)}`,
    });
    expect(await says(content)).toContain('note: left out, since it has no value in any row');
  });

  it('dates that are written in two ways', async () => {
    const day = (index: number): string => String(13 + (index % 15));
    const content = table({
      head: 'id,signup,plan,churn',
      row: (index, left) =>
        `K${String(index)},${index % 3 === 0 ? `2023-05-${day(index)}` : `${day(index)}/05/2023`},${'AB'[index % 2] ?? ''},${yesNo(left)}`,
    });
    expect(await says(content)).toContain(
      'signup: its dates are written in two ways (100 with the year first, 200 as day/month/year)',
    );
  });

  it('no column that tells customers apart', async () => {
    const content = table({
      head: 'age,plan,churn',
      row: (index, left) => `${String(index % 40)},${'AB'[index % 2] ?? ''},${yesNo(left)}`,
    });
    const { read } = await place.init('data.csv', content, target);
    expect(await says(content)).toContain('no column tells customers apart');
    expect(await read('sql/silver/customers.sql')).toContain('AS row_key');
  });

  it('columns that are called like what the SQL of a table without key makes', async () => {
    const content = table({
      head: 'row_key,fingerprint,copy_number,churn',
      row: (index, left) =>
        `${'AB'[index % 2] ?? ''},${String(index % 40)},${String(index % 7)},${yesNo(left)}`,
    });
    const { folder, landed } = await place.init('data.csv', content, target);
    await using workspace = await openWorkspace({ pack: folder });
    await copyFile(landed, path.join(workspace.landing, 'data.csv'));
    await workspace.run({ to: 'build' });
    const [counted] = await workspace.rows(
      'SELECT count(*) AS n, count(DISTINCT row_key) AS keys FROM silver.customers',
    );
    expect(counted).toMatchObject({ n: counted?.['keys'] });
    expect(Number(counted?.['n'])).toBe(300);
  });

  it('several rows of each customer', async () => {
    const content = table({
      head: 'customer_id,month,plan,churn',
      row: (index, left) =>
        `K${String(index % 100)},${String(Math.floor(index / 100))},${'AB'[index % 2] ?? ''},${yesNo(left)}`,
    });
    expect(await says(content)).toContain('200 rows repeat a key: one row of each customer is kept');
  });

  it('keys in the order of who left', async () => {
    const content = table({
      head: 'id,age,plan,churn',
      row: (index) =>
        `${String(index)},${String(20 + (index % 41))},${'AB'[index % 2] ?? ''},${yesNo(index < 90)}`,
    });
    const { read } = await place.init('data.csv', content, target);
    expect(await says(content)).toContain('the order of the keys alone tells who left');
    expect(await read('pack.yaml')).toContain('kind: id_order');
  });

  it('lines without the shape of the header, which are counted with the first of them', async () => {
    const [head, ...lines] = table().trimEnd().split('\n');
    const broken = lines.map((line, index) => (index === 4 ? `${line},more,cells` : line));
    const content = `${[head, ...broken].join('\n')}\n`;
    expect(await says(content)).toMatch(
      /: 1 lines \(0\.33 %\) do not have the shape of the header and are left out, the first in line 6: TOO MANY/,
    );
    expect(await says(`${[head, ...broken.slice(0, 60)].join('\n')}\n`)).toContain(
      'run refuses a file with more than 1.0 % of them',
    );
  });
});

describe('the pack that init makes runs, given', () => {
  async function trained(name: string, content: string): Promise<readonly string[]> {
    const made = await place.init(name, content, target);
    await using workspace = await openWorkspace({ pack: made.folder, settings: { 'learner.rounds': 20 } });
    await copyFile(made.landed, path.join(workspace.landing, name));
    await workspace.run({ to: 'promote' });
    return workspace.warnings;
  }

  it('headers that are words of SQL, or that leave no name', async () => {
    const heads = [
      'select',
      'ANALYSE',
      'Lateral',
      'qualify',
      'check',
      'both',
      'do',
      '\u{1F600}',
      '"',
      'order by',
    ];
    const content = table({
      head: ['id', ...heads.map((head) => `"${head.replaceAll('"', '""')}"`), 'churn'].join(','),
      row: (index, left) =>
        ['K' + String(index), ...heads.map((_, at) => String((index * (at + 7)) % 23)), yesNo(left)].join(
          ',',
        ),
    });
    await expect(trained('words.csv', content)).resolves.toBeDefined();
  }, 60_000);

  it('rows of one customer that differ in who left and in all else: the target does not choose among them', async () => {
    const content = table({
      head: 'customer_id,churn,age,plan',
      row: (index, left) =>
        `K${String(index % 200)},${yesNo(left)},${String(18 + ((index * 31) % 60))},${'ABC'[index % 3] ?? ''}`,
    });
    expect((await trained('twice.csv', content)).join('\n')).toContain(
      'repeated_key: 100 of 300 rows dropped',
    );
  }, 60_000);

  it('numbers that are infinite or nan', async () => {
    const content = table({
      head: 'id,ratio,visits,plan,churn',
      row: (index, left) =>
        `K${String(index)},${index % 50 === 0 ? 'inf' : String(index / 7)},${index % 9 === 0 ? 'nan' : String(index % 5)},${'ABC'[index % 3] ?? ''},${yesNo(left)}`,
    });
    const made = await place.init('infinite.csv', content, target);
    const [ratio, visits] = ['ratio', 'visits'].map((name) =>
      made.profile.columns.find((column) => column.name === name),
    );
    expect(ratio).toMatchObject({ kind: 'numeric', unreadable: 6 });
    expect(ratio?.numbers?.most).toBeCloseTo(299 / 7);
    expect(visits).toMatchObject({ kind: 'numeric', missing: 34 });
    expect((await trained('infinite.csv', content)).join('\n')).toContain('ratio_is_readable: 6 of 300 rows');
  }, 60_000);
});

describe('next month', () => {
  it('the lists and a report come of a delivery where nobody has left yet, with the model that is there', async () => {
    const made = await place.init('data.csv', table(), target);
    // There is nothing to learn in the table: no gate would let such a model into use.
    const packFile = path.join(made.folder, 'pack.yaml');
    const pack = await readFile(packFile, 'utf8');
    await writeFile(
      packFile,
      pack.replace('{ metric: auc_roc, at_least: 0.5 }', '{ metric: auc_roc, at_least: 0 }'),
    );
    await using workspace = await openWorkspace({ pack: made.folder, settings: { 'learner.rounds': 20 } });
    await copyFile(made.landed, path.join(workspace.landing, 'data.csv'));
    await workspace.run({ to: 'report' });
    const open = table({
      row: (index) =>
        `K${String(index)},${String(19 + ((index * 17) % 60))},${'ABC'[(index + 1) % 3] ?? ''},`,
    });
    await writeFile(path.join(workspace.landing, 'data_2024-07.csv'), open);
    const { steps } = await workspace.run({ to: 'report' });
    expect(steps.at(-1)?.summary).toContain('wrote the report of model set 1');
    const [scored] = await workspace.rows('SELECT count(*) AS n FROM gold.churn_scores');
    expect(Number(scored?.['n'])).toBe(300);
    const report = JSON.parse(await readFile((steps.at(-1)?.result as RunReport).document, 'utf8')) as {
      report?: { splits: { split: string | null }[] };
      splits?: { split: string | null }[];
    };
    // Those of the rows that the figures of the report are of.
    expect((report.splits ?? report.report?.splits ?? []).map(({ split }) => split)).toContain('test');
  }, 120_000);
});
