/** Reasons beside the scores and in the lists: who has some, that they are true, and that older workspaces go on. */
import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { resolveConfig } from '../../src/config/index.ts';
import { type Row, textOf } from '../../src/engine/index.ts';
import { explainContacts } from '../../src/explain/index.ts';
import { openExplainer } from '../../src/learner/index.ts';
import { matrixSelect } from '../../src/model/index.ts';
import type { Feature, Pack } from '../../src/pack/index.ts';
import { setInUse } from '../support/set-in-use.ts';
import { openWorkspace, type TestWorkspace } from '../support/workspace.ts';
import { type Deliveries, makeDeliveries } from './deliveries.ts';
import { changedMagazine, openMagazine, readers } from './magazine.ts';

const REASONS = ['reason_1', 'reason_2', 'reason_3'];
const DRIVERS = ['driver_1', 'driver_2', 'driver_3'];
const COLUMNS = [...REASONS, ...DRIVERS, 'intervention'];
const PLACEHOLDER = /\\\{(value|size|percent|times)\\\}/g;
/** A number with the word that follows it, escaped. */
const COUNTED = /\\\{\w+\\\|([^|{}]+)\\\|([^|{}]+)\\\}/g;

/** Whether a sentence is what the contract may say of a value: its case applies, and its numbers fit. */
function isTrue(sentence: string, value: unknown, { reason, missing }: Feature): boolean {
  const cases = typeof reason === 'string' ? [{ say: reason }] : (reason ?? []);
  if (value === null || (typeof value === 'number' && missing.includes(value))) return false;
  return cases.some(({ from, below, is, say }) => {
    const pattern = say
      .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll(COUNTED, (_, one: string, several: string) =>
        Number(value) === 1 || Number(value) === -1 ? `(.+) ${one}` : `(.+) ${several}`,
      )
      .replaceAll(PLACEHOLDER, '(.+)');
    const found = new RegExp(`^${pattern}$`).exec(sentence);
    if (found === null) return false;
    if (typeof value === 'string')
      return (is === undefined || is.includes(value)) && (found[1] ?? value) === value;
    const number = Number(value);
    const inRange = (from === undefined || number >= from) && (below === undefined || number < below);
    const said = { once: '1', twice: '2' }[found[1] ?? ''] ?? found[1]?.replaceAll(/[,]| times/g, '');
    if (said === undefined) return inRange;
    const meant = /\{percent[|}]/.test(say) ? Math.abs(number) * 100 : number;
    const size = /\{size[|}]/.test(say) ? Math.abs(meant) : meant;
    return inRange && Math.abs(Number(said) - size) <= 0.5;
  });
}

describe('reasons of the broadband pack', () => {
  let deliveries: Deliveries;
  let workspace: TestWorkspace;
  let scores: Row[];
  let pack: Pack;

  beforeAll(async () => {
    deliveries = await makeDeliveries({
      customers: 1200,
      from: '2023-09-01',
      cut: '2024-10-01',
      to: '2024-11-01',
    });
    workspace = await openWorkspace({ settings: { 'learner.rounds': 40 } });
    await cp(deliveries.first, workspace.landing, { recursive: true });
    await workspace.run();
    scores = await workspace.rows('SELECT * FROM gold.churn_scores ORDER BY unique_customer_identifier');
    ({ pack } = await resolveConfig({ flags: [{ key: 'pack', value: 'broadband', flag: '--pack' }] }));
  });
  afterAll(async () => {
    await workspace[Symbol.asyncDispose]();
    await deliveries[Symbol.asyncDispose]();
  });

  test('stand beside every customer who is contacted, and beside no other', () => {
    const contacted = scores.filter((row) => row['risk_tier'] !== 'GREEN');
    expect(contacted.length).toBeGreaterThan(100);
    for (const row of scores) {
      const some = row['risk_tier'] !== 'GREEN';
      expect(row['reason_1'] !== null, JSON.stringify(row)).toBe(some);
      if (!some) for (const column of COLUMNS) expect(row[column]).toBeNull();
    }
  });

  test('are true of the values that were scored, and speak of no missing one', async () => {
    const features = await workspace.rows(
      `SELECT features.* FROM gold.churn_features AS features JOIN gold.churn_scores AS scores
         ON scores.unique_customer_identifier = features.unique_customer_identifier
        AND scores.score_date = features.observation_date
       ORDER BY features.unique_customer_identifier`,
    );
    const spoken = new Set<string>();
    for (const [index, row] of scores.entries())
      for (const [place, column] of REASONS.entries()) {
        const driver = row[DRIVERS[place] ?? ''];
        expect(driver === null).toBe(row[column] === null);
        if (driver === null) continue;
        const name = textOf(driver);
        const feature = pack.features[name];
        const value = features[index]?.[name];
        const shown = `${name} = ${JSON.stringify(value)}: ${textOf(row[column])}`;
        expect(feature !== undefined && isTrue(textOf(row[column]), value, feature), shown).toBe(true);
        spoken.add(name);
      }
    expect(spoken.size).toBeGreaterThan(8);
  });

  test('never speak of the same group twice', () => {
    for (const row of scores) {
      const groups = DRIVERS.map((column) => row[column])
        .filter((driver) => driver !== null)
        .map((driver) => pack.features[textOf(driver)]?.group ?? driver);
      expect(new Set(groups).size).toBe(groups.length);
    }
  });

  test('bring the intervention of the first driver that the playbook knows', () => {
    for (const row of scores) {
      const known = DRIVERS.map((column) => pack.playbook.drivers[textOf(row[column])]);
      expect(row['intervention']).toBe(known.find((intervention) => intervention !== undefined) ?? null);
    }
  });

  test('come in the lists after the risk figures, as in the scores', async () => {
    const rows = await workspace.rows(
      `SELECT list.*, scores.reason_1 AS scored_1, scores.driver_3 AS scored_3
       FROM gold.action_list_loyalty AS list
       JOIN gold.churn_scores AS scores USING (unique_customer_identifier)`,
    );
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) {
      expect(row['reason_1']).toBe(row['scored_1']);
      expect(row['driver_3']).toBe(row['scored_3']);
    }
    const file = path.join(workspace.folder, 'lists', 'loyalty_2024-10-01.csv');
    const [head = ''] = (await readFile(file, 'utf8')).split('\n');
    expect(head).toContain('value_at_risk,remaining_value,reason_1,reason_2,reason_3,intervention,action,');
    expect(head).toMatch(/,driver_1,driver_2,driver_3,model_set$/);
  });

  test('are refused where contributions do not add up to the score', async () => {
    await workspace.withContext(async ({ engine, lake, folders }) => {
      const [model] = (await setInUse(folders.models))?.models ?? [];
      if (model === undefined) throw new Error('there is no model');
      await lake.attach(['gold.churn_features']);
      const width = model.encoding.features.length;
      const table = await engine.numeric(
        matrixSelect(engine, model.encoding, {
          table: 'gold.churn_features',
          where: "observation_date = DATE '2024-10-01'",
          orderBy: 'rows.unique_customer_identifier',
        }),
      );
      const features = { rows: table.rows, columns: width, data: table.data };
      await using explainer = await openExplainer(model.modelText);
      const all = await explainer.contributions(features);
      const rawScores = Float64Array.from({ length: table.rows }, (_, row) =>
        all.values.subarray(row * (width + 1), (row + 1) * (width + 1)).reduce((sum, part) => sum + part, 0),
      );
      const parts = { pack, encoding: model.encoding, features, openExplainer };
      const rows = Uint32Array.of(3, 8);
      const contacted = { days: 30, modelText: model.modelText, rows, rawScores };
      const reasons = await explainContacts({ ...parts, contacted: [contacted] });
      expect(reasons.flatMap((found, row) => (found === undefined ? [] : [row]))).toEqual([3, 8]);
      rawScores[8] = (rawScores[8] ?? 0) + 2e-6;
      await expect(explainContacts({ ...parts, contacted: [contacted] })).rejects.toMatchObject({
        code: 'HF900',
        exitCode: 3,
        message: expect.stringMatching(/^the contributions of row 8 at 30 days add up to /) as string,
      });
    });
  });

  test('come into a workspace that was scored before there were any', async () => {
    const scoredBefore = await workspace.withContext(async ({ lake }) => {
      const { info } = await lake.snapshot('gold.churn_scores');
      await lake.attach(['gold.churn_scores']);
      const old = `SELECT * EXCLUDE (${COLUMNS.join(', ')}) FROM gold.churn_scores`;
      await lake.write(
        'gold.churn_scores',
        `${old} UNION ALL SELECT * REPLACE (DATE '2024-09-01' AS score_date) FROM (${old})`,
        {
          mode: 'overwrite',
          partitionBy: ['score_date'],
          info: {
            runId: 'before',
            inputs: info.inputs,
            holdfast: { scoreDate: '2024-10-01', definition: 'of an older version' },
          },
        },
      );
      return info.inputs;
    });
    expect(scoredBefore).toHaveProperty(['gold.churn_features']);

    await workspace.run({ from: 'lists' });
    const [unsaid] = await workspace.rows(
      'SELECT count(*) AS n, count(reason_1) AS said FROM gold.action_list_loyalty',
    );
    expect(Number(unsaid?.['n'])).toBeGreaterThan(10);
    expect(unsaid?.['said']).toBe(0);

    const { steps } = await workspace.run({ from: 'score' });
    expect(steps[0]?.result).toMatchObject({ action: 'written' });
    const after = await workspace.rows(
      "SELECT * FROM gold.churn_scores WHERE score_date = '2024-10-01' ORDER BY unique_customer_identifier",
    );
    expect(after).toEqual(scores);
    const older = await workspace.rows(
      "SELECT DISTINCT reason_1, driver_1, intervention FROM gold.churn_scores WHERE score_date = '2024-09-01'",
    );
    expect(older).toEqual([{ reason_1: null, driver_1: null, intervention: null }]);
    const [said] = await workspace.rows(
      'SELECT count(*) - count(reason_1) AS left FROM gold.action_list_loyalty',
    );
    expect(said).toEqual({ left: 0 });
  });
});

describe('reasons of another trade', () => {
  const WORDS = {
    file: 'features.yaml',
    from: '    label: Complaints',
    to: "    label: Complaints\n    reason: '@desk: complained {times}'",
  };

  test('that begin like a formula are plain text in the CSV files', async () => {
    await using pack = await changedMagazine(WORDS);
    await using workspace = await openMagazine({ pack: pack.folder });
    await workspace.land('readers.csv', readers(400));
    await workspace.run();
    const said = await workspace.rows(
      "SELECT DISTINCT reason_1 FROM gold.churn_scores WHERE driver_1 = 'complaints'",
    );
    expect(said.map((row) => textOf(row['reason_1']))).toContain('@desk: complained 3 times');
    const [day] = await workspace.rows(
      'SELECT CAST(max(score_date) AS STRING) AS day FROM gold.churn_scores',
    );
    const cells: Row[] = [];
    for (const name of ['letters', 'greetings']) {
      const file = path.join(workspace.folder, 'lists', `${name}_${textOf(day?.['day'])}.csv`);
      cells.push(
        ...(await workspace.withContext(({ engine }) =>
          engine.rows(`SELECT reason_1 FROM ${engine.csvSource(file, { nullValues: [] })}`),
        )),
      );
    }
    const written = cells.flatMap((cell) => (cell['reason_1'] === null ? [] : [textOf(cell['reason_1'])]));
    expect(written).toContain("'@desk: complained 3 times");
    for (const text of written) expect(text).not.toMatch(/^[=+\-@\t\r\n]/);
  });

  test('that changed their words are scored again', async () => {
    await using pack = await changedMagazine(WORDS);
    await using workspace = await openMagazine();
    await workspace.land('readers.csv', readers(400));
    await workspace.run();
    const before = await workspace.rows('SELECT DISTINCT reason_1 FROM gold.churn_scores');
    expect(before).toEqual([{ reason_1: null }]);
    const again = await workspace.run({ from: 'score' }, { pack: pack.folder });
    expect(again.steps[0]?.result).toMatchObject({ action: 'written' });
    const [said] = await workspace.rows('SELECT count(reason_1) AS n FROM gold.churn_scores');
    expect(Number(said?.['n'])).toBeGreaterThan(0);
  });
});
