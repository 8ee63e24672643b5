import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HoldfastError, type ErrorCode } from '../kernel/index.ts';
import { FILES, PACK_YAML } from '../../tests/support/small-pack.ts';
import { loadPack } from './index.ts';

const broadband = join(import.meta.dirname, '../../packs/broadband');

let root: string;
let count = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'holdfast-pack-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Writes the tiny pack with some files changed (null leaves one out) and gives its folder. */
async function gym(changes: Readonly<Record<string, string | null>> = {}): Promise<string> {
  count += 1;
  const folder = join(root, String(count));
  for (const [path, text] of Object.entries({ ...FILES, ...changes })) {
    if (text === null) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

async function failure(folder: Promise<string>): Promise<HoldfastError> {
  const error: unknown = await loadPack(await folder).catch((thrown: unknown) => thrown);
  if (error instanceof HoldfastError) return error;
  throw new Error('the pack was accepted');
}

const edited = (from: string, to: string): string => {
  expect(PACK_YAML).toContain(from);
  return PACK_YAML.replace(from, to);
};

describe('loadPack', () => {
  it('reads the broadband pack with its 32 features in the order of the contract', async () => {
    const pack = await loadPack(broadband);
    const features = Object.entries(pack.features);
    expect(features).toHaveLength(32);
    expect(features.filter(([, feature]) => feature.type === 'numeric')).toHaveLength(29);
    expect(features.slice(-3).map(([name]) => name)).toEqual([
      'technology',
      'sales_channel',
      'tenure_bucket',
    ]);
    expect(pack.file.horizons).toEqual([30, 60, 90]);
    expect(pack.sql.map((file) => file.table)).toContain('gold.churn_features');
  });

  it('reads headers, defaults and quoted semicolons of a tiny undated pack', async () => {
    const pack = await loadPack(await gym());
    const members = pack.sql.find((file) => file.table === 'silver.members');
    expect(members?.header).toEqual({
      grain: 'one row a member',
      owner: 'desk',
      keys: ['member_id'],
      description: 'Members, trimmed and typed.',
      partitionBy: [],
      clusterBy: [],
    });
    expect(pack.file.learner.rounds).toBe(1000);
    expect(pack.file.tiers.ladder[0]?.threshold).toBe(0.5);
    expect(pack.expectations['silver.members']).toHaveLength(1);
  });

  it('freezes the pack through and through', async () => {
    const pack = await loadPack(await gym());
    expect(() => {
      pack.file.horizons.push(90);
    }).toThrow(TypeError);
    expect(Object.isFrozen(pack.sql[0]?.header.keys)).toBe(true);
  });

  it('changes its hash with any file that matters and only then', async () => {
    const plain = await loadPack(await gym());
    const moved = await gym();
    const elsewhere = join(root, 'elsewhere');
    await cp(moved, elsewhere, { recursive: true });
    await mkdir(join(elsewhere, 'generate'), { recursive: true });
    await writeFile(join(elsewhere, 'generate/members.sql'), 'SELECT 1');
    expect((await loadPack(elsewhere)).hash).toBe(plain.hash);
    const sql = `${FILES['sql/silver/members.sql'] ?? ''}\n-- changed`;
    expect((await loadPack(await gym({ 'sql/silver/members.sql': sql }))).hash).not.toBe(plain.hash);
  });

  it('works without expectations', async () => {
    expect((await loadPack(await gym({ 'expectations.yaml': null }))).expectations).toEqual({});
  });
});

describe('loadPack says what is wrong', () => {
  const cases: readonly {
    readonly name: string;
    readonly change: () => Readonly<Record<string, string | null>>;
    readonly code: ErrorCode;
    readonly message: RegExp;
    readonly hint?: RegExp;
    readonly line?: number;
    readonly field?: string;
  }[] = [
    {
      name: 'for YAML that does not parse, with its line',
      change: () => ({ 'pack.yaml': 'name: gym\ndescription: "open\n' }),
      code: 'HF104',
      message: /not valid YAML/,
      line: 3,
    },
    {
      name: 'for a key given twice',
      change: () => ({ 'pack.yaml': `${PACK_YAML}horizons: [30]\n` }),
      code: 'HF104',
      message: /unique/,
      line: 29,
    },
    {
      name: 'for an unknown key, with the nearest known one',
      change: () => ({ 'pack.yaml': edited('currency: EUR', 'curency: EUR') }),
      code: 'HF106',
      message: /the key is unknown; also line 15 value.currency is missing/,
      hint: /did you mean currency\?/,
      line: 17,
    },
    {
      name: 'for an unknown key beside complete ones',
      change: () => ({ 'pack.yaml': `${PACK_YAML}audits: { acknowledged: [] }\n` }),
      code: 'HF106',
      message: /the key is unknown/,
      hint: /did you mean audit\?/,
      line: 29,
      field: 'audits',
    },
    {
      name: 'for an unknown key inside a union',
      change: () => ({
        'features.yaml':
          'features:\n  visits:\n    type: numeric\n    source: snapshot\n    window: { day: 30 }\n    label: Visits\n',
      }),
      code: 'HF106',
      message: /expected|unknown|missing/,
      line: 5,
    },
    {
      name: 'for a value of the wrong type',
      change: () => ({ 'pack.yaml': edited('months: 6', 'months: six') }),
      code: 'HF106',
      message: /expected a number, found "six"/,
      hint: /months of revenue/,
      line: 19,
      field: 'value.months',
    },
    {
      name: 'for a word that is not one of the known ones',
      change: () => ({ 'pack.yaml': edited('tiers:\n', 'tiers:\n  basis: riskscore\n') }),
      code: 'HF106',
      message: /expected one of risk_score, probability, capacity, profit, found "riskscore"/,
      field: 'tiers.basis',
    },
    {
      name: 'for cleaning of a feature that is not there',
      change: () => ({ 'pack.yaml': `${PACK_YAML}cleaning: { features: { visit: { missing: median } } }\n` }),
      code: 'HF106',
      message: /the feature visit is unknown/,
      hint: /did you mean visits\?/,
      line: 29,
      field: 'cleaning.features.visit',
    },
    {
      name: 'for a constant of the wrong kind',
      change: () => ({
        'pack.yaml': `${PACK_YAML}cleaning: { features: { visits: { missing: { constant: none } } } }\n`,
      }),
      code: 'HF106',
      message: /a numeric feature takes a number/,
      field: 'cleaning.features.visits.missing.constant',
    },
    {
      name: 'for a method of outliers that is unknown',
      change: () => ({
        'pack.yaml': `${PACK_YAML}cleaning: { numeric: { outliers: { method: iqrs, action: cap } } }\n`,
      }),
      code: 'HF106',
      message: /expected one of iqr, zscore, percentile/,
    },
    {
      name: 'for a gate on a metric that is unknown',
      change: () => ({ 'pack.yaml': `${PACK_YAML}gates: [{ metric: roc_auc, at_least: 0.7 }]\n` }),
      code: 'HF106',
      message: /the metric roc_auc is unknown/,
      hint: /did you mean auc_roc\?|lists the metrics/,
      field: 'gates[0].metric',
    },
    {
      name: 'for a missing file',
      change: () => ({ 'playbook.yaml': null }),
      code: 'HF105',
      message: /no playbook.yaml/,
    },
    {
      name: 'for a tier without a line in the playbook',
      change: () => ({ 'pack.yaml': edited('otherwise: GREEN', 'otherwise: BLUE') }),
      code: 'HF105',
      message: /tier BLUE/,
      field: 'tiers',
    },
    {
      name: 'for a tier of the playbook that is not in the ladder',
      change: () => ({
        'playbook.yaml': (FILES['playbook.yaml'] ?? '').replace(
          'drivers:',
          '  REDD: { action: x, owner: y, sla: z }\ndrivers:',
        ),
      }),
      code: 'HF106',
      message: /tier REDD is unknown/,
      hint: /did you mean RED\?/,
    },
    {
      name: 'for neither time nor undated',
      change: () => ({ 'pack.yaml': PACK_YAML.replace(/undated:[\s\S]*?(?=features:)/, '') }),
      code: 'HF106',
      message: /exactly one of time and undated, this one has neither/,
    },
    {
      name: 'for horizons out of order',
      change: () => ({ 'pack.yaml': edited('horizons: [30]', 'horizons: [60, 30]') }),
      code: 'HF106',
      message: /30 comes after 60/,
      line: 10,
      field: 'horizons[1]',
    },
    {
      name: 'for several horizons without dates',
      change: () => ({ 'pack.yaml': edited('horizons: [30]', 'horizons: [30, 60]') }),
      code: 'HF106',
      message: /an undated pack has one horizon/,
      hint: /keep the horizon that the target stands for/,
      field: 'horizons[1]',
    },
    {
      name: 'for a tier whose horizon is none of the horizons',
      change: () => ({ 'pack.yaml': edited('name: RED, horizon: 30', 'name: RED, horizon: 31') }),
      code: 'HF106',
      message: /not one of the horizons 30/,
    },
    {
      name: 'for a list of an unknown tier',
      change: () => ({ 'pack.yaml': edited('tier: RED', 'tier: REED') }),
      code: 'HF106',
      message: /tier REED is unknown/,
      hint: /did you mean RED\?/,
    },
    {
      name: 'for a list column that is no feature',
      change: () => ({ 'pack.yaml': edited('columns: [visits]', 'columns: [visit]') }),
      code: 'HF106',
      message: /feature visit is unknown/,
      hint: /did you mean visits\?/,
      field: 'lists.desk.columns[0]',
    },
    {
      name: 'for the direction of a categorical feature in a hypothesis',
      change: () => ({
        'features.yaml': (FILES['features.yaml'] ?? '').replace(
          'type: numeric, range: [0, 31]',
          'type: categorical',
        ),
        'pack.yaml': `${PACK_YAML}evaluation:\n  hypotheses: { 30d: [{ feature: visits, says: x, raised_by: lower }] }\n`,
      }),
      code: 'HF106',
      message: /visits is categorical: its values are neither higher nor lower/,
      field: 'evaluation.hypotheses.30d[0].raised_by',
    },
    {
      name: 'for expectations about a table that the pack does not make',
      change: () => ({
        'expectations.yaml': 'tables:\n  silver.member:\n    - { name: a, expect: "true", action: warn }\n',
      }),
      code: 'HF106',
      message: /table silver.member is unknown/,
      hint: /did you mean silver.members\?/,
      line: 2,
    },
    {
      name: 'for a feature from an unknown table',
      change: () => ({
        'features.yaml': (FILES['features.yaml'] ?? '').replace('source: snapshot', 'source: calls'),
      }),
      code: 'HF106',
      message: /source calls is unknown/,
    },
    {
      name: 'for a SQL file without a header field',
      change: () => ({ 'sql/silver/members.sql': '-- grain: x\n-- owner: y\nSELECT 1 AS one' }),
      code: 'HF402',
      message: /does not state keys, description/,
    },
    {
      name: 'for a misspelt header field',
      change: () => ({ 'sql/silver/members.sql': '-- grain: x\n-- owners: y\nSELECT 1 AS one' }),
      code: 'HF402',
      message: /"owners" is unknown/,
      hint: /did you mean owner\?/,
      line: 2,
    },
    {
      name: 'for a second statement',
      change: () => ({
        'sql/silver/members.sql': `${FILES['sql/silver/members.sql'] ?? ''};\nDROP TABLE x`,
      }),
      code: 'HF402',
      message: /one SELECT without semicolons/,
      line: 8,
    },
    {
      name: 'for a SQL file that makes a table of Holdfast',
      change: () => ({ 'sql/bronze/raw_members.sql': FILES['sql/silver/members.sql'] ?? '' }),
      code: 'HF402',
      message: /made by Holdfast itself/,
    },
    {
      name: 'for a SQL file in the wrong place',
      change: () => ({ 'sql/members.sql': FILES['sql/silver/members.sql'] ?? '' }),
      code: 'HF402',
      message: /sql\/<layer>\/<table>\.sql/,
    },
    {
      name: 'for a pack without the SQL of its feature table',
      change: () => ({ 'sql/gold/member_features.sql': null }),
      code: 'HF105',
      message: /gold\.member_features/,
    },
  ];

  it.each(cases)('$name', async ({ change, code, message, hint, line, field }) => {
    const error = await failure(gym(change()));
    expect(error.message).toMatch(message);
    expect(error.code).toBe(code);
    if (hint !== undefined) expect(error.hint).toMatch(hint);
    if (line !== undefined) expect(error.place?.line).toBe(line);
    if (field !== undefined) expect(error.place?.field).toBe(field);
    expect(error.place?.file).toContain(root);
  });

  it('for a folder that is not there', async () => {
    expect((await failure(Promise.resolve(join(root, 'nowhere')))).code).toBe('HF105');
  });

  it('about several problems at once', async () => {
    const text = edited('months: 6', 'months: six').replace('acceptance: 0.2', 'acceptance: 2');
    const error = await failure(gym({ 'pack.yaml': text }));
    expect(error.message).toMatch(/also line 22 value.acceptance expected a number of at most 1, found 2/);
  });
});

it('the broadband pack names its schemas for editors', async () => {
  for (const name of ['pack', 'features', 'expectations', 'playbook']) {
    const text = await readFile(join(broadband, `${name}.yaml`), 'utf8');
    expect(text.split('\n')[0]).toBe(
      `# yaml-language-server: $schema=../../docs/schemas/${name}.schema.json`,
    );
  }
});
