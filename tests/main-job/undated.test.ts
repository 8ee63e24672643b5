/** A pack of another trade, without dates, from one CSV file to action lists. */
import { cp, readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textOf } from '../../src/engine/index.ts';
import { fixedClock } from '../../src/kernel/index.ts';
import { planRun, type RunResult } from '../../src/workflow/index.ts';
import type { TestWorkspace } from '../support/workspace.ts';
import { fileHashes, tableVersions } from './lake-state.ts';
import { changedMagazine, FORMULA_TEXTS, openMagazine, readers } from './magazine.ts';

const READERS = 400;
const DELIVERED_AT = '2025-03-14T09:30:00Z';
const FEATURES = 'title, months_subscribed, copies_returned, complaints, monthly_price, gift_from';

/** Words of a trade other than the magazine's. */
const OTHER_TRADES = /broadband|telco|telecom|broad band|line_speed|cease|usage|unique_customer|customer/i;

let workspace: TestWorkspace;
let result: RunResult;

beforeAll(async () => {
  workspace = await openMagazine({ clock: fixedClock(DELIVERED_AT) });
  await workspace.land('readers_2025.csv', readers(READERS));
  result = await workspace.run();
});
afterAll(() => workspace[Symbol.asyncDispose]());

describe('a pack of another trade', () => {
  test('goes through all steps and ends in a list a team', async () => {
    expect(result.steps.map(({ step }) => step)).toEqual([
      'ingest',
      'build',
      'train',
      'promote',
      'score',
      'lists',
    ]);
    const lists = await fileHashes(workspace, 'lists');
    expect(Object.keys(lists).sort()).toEqual(['greetings_2025-03-14.csv', 'letters_2025-03-14.csv']);
    const [listed] = await workspace.rows('SELECT count(*) AS n FROM gold.action_list_letters');
    expect(Number(listed?.['n'])).toBeGreaterThan(0);
  });

  test('learns something: leavers are told from stayers better than by chance', () => {
    const trained = result.steps.find(({ step }) => step === 'train')?.result as {
      models: { metrics: { validation: { metrics: { auc_roc: { value: number } } } } }[];
    };
    expect(trained.models).toHaveLength(1);
    expect(trained.models[0]?.metrics.validation.metrics.auc_roc.value).toBeGreaterThan(0.6);
  });

  test('nothing it leaves behind speaks of another trade', async () => {
    const spoken = [...result.steps.map(({ summary }) => summary), ...workspace.warnings];
    await workspace.withContext(async ({ lake }) => {
      for (const name of await lake.names()) {
        const { fields, properties, description } = await lake.snapshot(name);
        const comments = fields.flatMap((field) => [field.name, field.comment ?? '']);
        spoken.push(name, ...comments, ...Object.values(properties), description ?? '');
      }
    });
    for (const file of ['model.txt', 'features.json', 'settings.json', 'lineage.json', 'MLmodel'])
      spoken.push(await readFile(`${workspace.folder}/models/churn_model_90d/1/${file}`, 'utf8'));
    for (const file of Object.keys(await fileHashes(workspace, 'lists')))
      spoken.push(await readFile(`${workspace.folder}/lists/${file}`, 'utf8'));
    expect(spoken.filter((text) => OTHER_TRADES.test(text))).toEqual([]);
  });

  test('the day of the delivery is the observation and the score date', async () => {
    const rows = await workspace.rows(
      `SELECT DISTINCT observation_date, score_date FROM gold.churn_training_set
       CROSS JOIN (SELECT DISTINCT score_date FROM gold.churn_scores) AS scores`,
    );
    expect(rows).toEqual([{ observation_date: '2025-03-14', score_date: '2025-03-14' }]);
  });

  test('readers who have left are not scored, and all others are', async () => {
    const [row] = await workspace.rows(
      `SELECT count(*) FILTER (WHERE readers.ended = 'yes' AND scores.reader_id IS NOT NULL) AS left_and_scored,
         count(*) FILTER (WHERE readers.ended = 'no' AND scores.reader_id IS NULL) AS stayed_and_not_scored,
         count(*) FILTER (WHERE readers.ended = 'yes') AS have_left
       FROM silver.readers AS readers LEFT JOIN gold.churn_scores AS scores ON scores.reader_id = readers.reader_id`,
    );
    expect(row).toMatchObject({ left_and_scored: 0, stayed_and_not_scored: 0 });
    expect(result.steps.find(({ step }) => step === 'score')?.result).toMatchObject({
      notAtRisk: Number(row?.['have_left']),
    });
  });

  test('identical readers stay on one side of the split', async () => {
    const groups = await workspace.rows(
      `SELECT count(*) AS size, count(DISTINCT coalesce(split_90d, 'none')) AS sides
       FROM gold.churn_training_set GROUP BY ${FEATURES} HAVING count(*) > 1`,
    );
    expect(groups.length).toBeGreaterThan(20);
    expect(groups.filter(({ sides }) => Number(sides) !== 1)).toEqual([]);
  });

  test('shares are 60/20/20 in all and among leavers and stayers alike', async () => {
    const rows = await workspace.rows(
      `SELECT churned_in_90d AS label,
         count(*) FILTER (WHERE split_90d = 'train') / count(*) AS train,
         count(*) FILTER (WHERE split_90d IN ('stop', 'calibrate')) / count(*) AS validation,
         count(*) FILTER (WHERE split_90d = 'test') / count(*) AS test,
         count(*) FILTER (WHERE split_90d IS NULL) AS without
       FROM gold.churn_training_set GROUP BY churned_in_90d`,
    );
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      // A group of twins goes to one side whole, hence no exact shares.
      expect(Number(row['train'])).toBeCloseTo(0.6, 1);
      expect(Number(row['validation'])).toBeCloseTo(0.2, 1);
      expect(Number(row['test'])).toBeCloseTo(0.2, 1);
      expect(Number(row['without'])).toBe(0);
    }
  });

  test('a list cell that a spreadsheet would run has an apostrophe in front', async () => {
    const readAsText = `read_csv('${workspace.folder}/lists/letters_2025-03-14.csv', header = true, all_varchar = true, quote = '"')`;
    const cells = await workspace.rows(
      `SELECT csv.gift_from AS written, features.gift_from AS given FROM ${readAsText} AS csv
       JOIN gold.reader_features AS features ON features.reader_id = csv.reader_id`,
    );
    const given = new Set(cells.map((cell) => cell['given']));
    for (const text of FORMULA_TEXTS) expect(given).toContain(text);
    for (const { written, given: text } of cells)
      expect(written).toBe(FORMULA_TEXTS.some((formula) => formula === text) ? `'${textOf(text)}` : text);
    const columns = Object.keys((await workspace.rows(`SELECT * FROM ${readAsText} LIMIT 1`))[0] ?? {});
    const isText = /title|gift_from|action|owner|sla|risk_tier|reader_id/;
    for (const column of columns.filter((name) => isText.test(name))) {
      const [row] = await workspace.rows(
        `SELECT count(*) AS n FROM ${readAsText} WHERE regexp_matches("${column}", '^[=+@\\t\\r-]')`,
      );
      expect({ column, formulas: row?.['n'] }).toEqual({ column, formulas: 0 });
    }
  });

  test('a workspace of its own with the same file gives the same features, model, scores and lists', async () => {
    await using other = await openMagazine({ clock: fixedClock(DELIVERED_AT) });
    await other.land('readers_2025.csv', readers(READERS));
    await other.run();
    for (const sql of [
      'SELECT * FROM gold.reader_features ORDER BY reader_id',
      'SELECT * FROM gold.churn_training_set ORDER BY reader_id',
      'SELECT * FROM gold.churn_scores ORDER BY reader_id',
    ])
      expect(await other.rows(sql)).toEqual(await workspace.rows(sql));
    const text = (folder: string): Promise<string> =>
      readFile(`${folder}/models/churn_model_90d/1/model.txt`, 'utf8');
    expect(await text(other.folder)).toBe(await text(workspace.folder));
    expect(await fileHashes(other, 'lists')).toEqual(await fileHashes(workspace, 'lists'));
  });
});

test('the same readers as a Parquet file give the same features and scores', async () => {
  await using other = await openMagazine({ clock: fixedClock(DELIVERED_AT) });
  await workspace.withContext(async ({ engine, lake }) => {
    await lake.attach(['bronze.readers']);
    const file = engine.literal(`${other.landing}/readers.parquet`);
    await engine.execute(
      `COPY (SELECT * EXCLUDE (_ingested_at, _source_file) FROM bronze.readers) TO ${file} (FORMAT parquet)`,
    );
  });
  await other.run();
  for (const table of ['gold.reader_features', 'gold.churn_scores']) {
    const sql = `SELECT * FROM ${table} ORDER BY reader_id`;
    expect(await other.rows(sql)).toEqual(await workspace.rows(sql));
  }
});

describe('a source that is delivered whole', () => {
  test('is replaced by the newest file, and files passed over or taken before stay out', async () => {
    await using magazine = await openMagazine({ clock: fixedClock(DELIVERED_AT) });
    await magazine.land('readers_1.csv', readers(READERS));
    await magazine.land('readers_2.csv', readers(READERS + 50, 2));
    await magazine.run();
    const rowCount = async (): Promise<number> =>
      Number((await magazine.rows('SELECT count(*) AS n FROM bronze.readers'))[0]?.['n']);
    expect(await rowCount()).toBe(READERS + 50);

    const versions = await tableVersions(magazine);
    await magazine.run();
    expect(await tableVersions(magazine)).toEqual(versions);

    await magazine.land('readers_3.csv', readers(READERS - 50, 3));
    await magazine.run({ to: 'build' });
    expect(await rowCount()).toBe(READERS - 50);

    // The same content as the second delivery, as the newest: the table goes back to it.
    await magazine.land('readers_4.csv', readers(READERS + 50, 2));
    await magazine.run({ to: 'build' });
    expect(await rowCount()).toBe(READERS + 50);
  });

  test('scores a later delivery with the model there is, under its own date', async () => {
    await using magazine = await openMagazine({ clock: fixedClock(DELIVERED_AT) });
    await magazine.land('readers_1.csv', readers(READERS));
    await magazine.run();
    await using later = await openMagazine({ clock: fixedClock('2025-04-02T08:00:00Z') });
    await cp(magazine.folder, later.folder, { recursive: true });
    await later.land('readers_2.csv', readers(READERS, 5));
    const { steps } = await later.run();
    expect(steps.find(({ step }) => step === 'train')?.result).toEqual({ kept: 1 });
    expect(
      await later.rows('SELECT DISTINCT score_date, model_set FROM gold.churn_scores ORDER BY score_date'),
    ).toEqual([
      { score_date: '2025-03-14', model_set: 1 },
      { score_date: '2025-04-02', model_set: 1 },
    ]);
  });
});

describe('a split that a column states', () => {
  test('without validation rows takes a fifth of the training rows for them, none of the test rows', async () => {
    await using pack = await changedMagazine({
      file: 'pack.yaml',
      from: '{ method: random, train: 0.6, validation: 0.2, test: 0.2 }',
      to: '{ method: column, column: part, train: [a, b], validation: [], test: [c] }',
    });
    await using magazine = await openMagazine({ pack: pack.folder });
    const rows = readers(READERS);
    await magazine.land('readers.csv', rows);
    await magazine.run();
    const [counts] = await magazine.rows(
      `SELECT count(*) FILTER (WHERE split_90d = 'test' AND part <> 'c' OR split_90d <> 'test' AND part = 'c') AS astray,
         avg(CAST(split_90d IN ('stop', 'calibrate') AS INTEGER)) FILTER (WHERE part <> 'c') AS held_back
       FROM gold.churn_training_set AS t JOIN silver.readers ON readers.reader_id = t.reader_id`,
    );
    expect(Number(counts?.['astray'])).toBe(0);
    expect(Number(counts?.['held_back'])).toBeGreaterThan(0.13);
    expect(Number(counts?.['held_back'])).toBeLessThan(0.27);
  });

  test('is taken from the column, and rows of no part are left out with the reason', async () => {
    await using pack = await changedMagazine({
      file: 'pack.yaml',
      from: '{ method: random, train: 0.6, validation: 0.2, test: 0.2 }',
      to: '{ method: column, column: part, train: [a], validation: [b], test: [c] }',
    });
    await using magazine = await openMagazine({ pack: pack.folder });
    const rows = readers(READERS).map((row, index) => (index < 5 ? { ...row, part: 'd' } : row));
    await magazine.land('readers.csv', rows);
    await magazine.run();
    expect(
      await magazine.rows(
        `SELECT readers.part, CASE WHEN split_90d IN ('stop', 'calibrate') THEN 'validation' ELSE split_90d END AS split,
           left_out_90d, count(*) AS n
         FROM gold.churn_training_set AS t JOIN silver.readers ON readers.reader_id = t.reader_id
         GROUP BY ALL ORDER BY ALL`,
      ),
    ).toEqual(
      [
        ['a', 'train', null],
        ['b', 'validation', null],
        ['c', 'test', null],
        ['d', null, 'no_split'],
      ].map(([part, split, reason]) => ({
        part,
        split,
        left_out_90d: reason,
        n: rows.filter((row) => row['part'] === part).length,
      })),
    );
    // What splits the rows is no feature.
    const columns = Object.keys((await magazine.rows('SELECT * FROM gold.reader_features LIMIT 1'))[0] ?? {});
    expect(columns).not.toContain('part');
  });

  test('a value that is neither leaving nor staying is an unknown label', async () => {
    await using magazine = await openMagazine();
    const rows = readers(READERS).map((row, index) => (index < 7 ? { ...row, ended: 'ask' } : row));
    await magazine.land('readers.csv', rows);
    await magazine.run();
    expect(
      await magazine.rows(
        `SELECT left_out_90d, count(*) AS n FROM gold.churn_training_set WHERE split_90d IS NULL GROUP BY 1`,
      ),
    ).toEqual([{ left_out_90d: 'unknown_label', n: 7 }]);
  });
});

describe('a second source beside the readers', () => {
  test('that alone is delivered anew moves features, labels and scores to its day together', async () => {
    await using pack = await changedMagazine({
      file: 'pack.yaml',
      from: 'sources:\n',
      to:
        'sources:\n  titles:\n    files: [titles*.csv]\n    grain: one row a title\n' +
        '    description: What is printed.\n    columns: { title: STRING }\n',
    });
    await using magazine = await openMagazine({ pack: pack.folder, clock: fixedClock(DELIVERED_AT) });
    await magazine.land('readers_1.csv', readers(READERS));
    await magazine.land('titles_1.csv', 'title\nChess\n');
    await magazine.run({ to: 'build' });
    await using later = await openMagazine({ pack: pack.folder, clock: fixedClock('2025-04-02T08:00:00Z') });
    await cp(magazine.folder, later.folder, { recursive: true });
    await later.land('titles_2.csv', 'title\nGarden\n');
    const planned = await later.withContext((context) => planRun(context, false));
    expect(JSON.stringify(planned)).toContain('bronze.titles changes');
    await later.run({ to: 'build' });
    expect(
      await later.rows('SELECT observation_date, count(*) AS n FROM gold.churn_training_set GROUP BY 1'),
    ).toEqual([{ observation_date: '2025-04-02', n: READERS }]);
  });
});

test('several horizons without dates are refused', async () => {
  await using pack = await changedMagazine({
    file: 'pack.yaml',
    from: 'horizons: [90]',
    to: 'horizons: [30, 90]',
  });
  await using magazine = await openMagazine({ pack: pack.folder });
  await expect(magazine.run()).rejects.toMatchObject({
    code: 'HF106',
    place: { field: 'horizons[1]' },
  });
});
