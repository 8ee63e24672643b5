/** The queue and the overview against plain SQL over the lake. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Customers, CustomersQuery, Overview } from '../../src/desk/index.ts';
import { textOf } from '../../src/engine/index.ts';
import { ANN, LEA, type MadeDesk, openMadeDesk } from './made-desk.ts';
import { ODD_IDS } from './made-scores.ts';

const ROWS = 3000;
const AS_OF = '2024-10-01';
const KEY = 'unique_customer_identifier';
let made: MadeDesk;

beforeAll(async () => {
  made = await openMadeDesk();
  await made.score({ rows: 2500, date: '2024-09-01', seed: 1 });
  await made.score({ rows: ROWS, date: AS_OF });
});
afterAll(() => made[Symbol.asyncDispose]());

const ask = (query: CustomersQuery): Promise<Customers> => made.desk.customers(query, ANN);
const total = async (query: CustomersQuery): Promise<number> => (await ask({ tab: 'all', ...query })).total;
/** Of the newest scores, by another way than the desk's. */
async function counted(where: string): Promise<number> {
  const [row] = await made.lake(
    `SELECT count(*) AS n FROM gold.churn_scores AS s LEFT JOIN gold.churn_features AS f
     ON f.${KEY} = s.${KEY} AND f.observation_date = s.score_date
     WHERE s.score_date = DATE '${AS_OF}' AND (${where})`,
  );
  return Number(row?.['n']);
}

/** All ids of a query, page by page. */
async function idsOf(query: CustomersQuery, limit = 60): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const page = await ask({ ...query, offset: ids.length, limit });
    ids.push(...page.rows.map(({ id }) => id));
    if (page.rows.length === 0 || ids.length >= page.total) return ids;
  }
}

describe('the queue', () => {
  test('shows contacted rows first by what is at risk, with everything that a row says', async () => {
    const page = await ask({});
    const rows = await made.lake(
      `SELECT * FROM gold.churn_scores WHERE score_date = DATE '${AS_OF}' AND risk_tier <> 'GREEN'
       ORDER BY value_at_risk DESC NULLS LAST, ${KEY} LIMIT 50`,
    );
    expect(page.rows.map(({ id }) => id)).toEqual(rows.map((row) => row[KEY]));
    expect(page).toMatchObject({
      as_of: AS_OF,
      offset: 0,
      limit: 50,
      total: await counted(`risk_tier <> 'GREEN'`),
    });
    const [before] = await made.lake(
      `SELECT risk_tier FROM gold.churn_scores WHERE score_date = DATE '2024-09-01' AND ${KEY} = '${page.rows[0]?.id ?? ''}'`,
    );
    const [first] = rows;
    expect(page.rows[0]).toEqual({
      id: first?.[KEY],
      tier: first?.['risk_tier'],
      tier_before: before?.['risk_tier'] ?? null,
      action: first?.['action'],
      owner: first?.['owner'],
      sla: first?.['sla'],
      contact_by: first?.['contact_by'],
      probabilities: [30, 60, 90].map((days) => ({
        days,
        probability: first?.[`probability_${String(days)}d`],
        risk_score: first?.[`risk_score_${String(days)}d`],
        decile: first?.[`risk_decile_${String(days)}d`],
      })),
      remaining_value: first?.['remaining_value'],
      value_at_risk: first?.['value_at_risk'],
      expected_gain: first?.['expected_gain'],
      reasons: [first?.['reason_1'], first?.['reason_2']].filter((text) => text !== null),
      intervention: first?.['intervention'],
      work: {
        status: 'due',
        assignee: null,
        until: null,
        reason: null,
        rule: null,
        last_outcome: null,
        last_contact_at: null,
        contacts: 0,
      },
    });
  });

  test('sums what is at risk over all pages', async () => {
    const [row] = await made.lake(
      `SELECT sum(CAST(value_at_risk AS DECIMAL(28, 4))) AS value FROM gold.churn_scores WHERE score_date = DATE '${AS_OF}'`,
    );
    const page = await ask({ tab: 'all', limit: 1 });
    expect(page.value_at_risk).toBeCloseTo(Number(row?.['value']), 4);
    expect(page.total).toBe(ROWS);
  });

  test.each<[CustomersQuery, string]>([
    [{ tier: ['RED'] }, `risk_tier = 'RED'`],
    [{ tier: ['RED', 'GREEN'] }, `risk_tier IN ('RED', 'GREEN')`],
    [{ owner: ['CRM / Marketing'] }, `risk_tier = 'AMBER'`],
    [{ probability_from: 0.05, probability_to: 0.1 }, 'probability_90d >= 0.05 AND probability_90d < 0.1'],
    [{ horizon: 30, probability_from: 0.95, probability_to: 1 }, 'probability_30d >= 0.95'],
    [
      {
        horizon: 90,
        probability_from: 0.2,
        probability_to: 0.35,
        other_horizon: 30,
        other_from: 0.02,
        other_to: 0.05,
      },
      'probability_90d >= 0.2 AND probability_90d < 0.35 AND probability_30d >= 0.02 AND probability_30d < 0.05',
    ],
    [{ segments: { technology: ['B', 'C, with a comma'] } }, `technology IN ('B', 'C, with a comma')`],
    [
      { segments: { technology: ['missing'], contract_status_ord: ['3'] } },
      `technology IS NULL AND contract_status_ord = 3`,
    ],
    [{ segments: { technology: [] } }, 'true'],
    [{ search: 'c000010' }, `starts_with(s.${KEY}, 'C000010')`],
    [{ overdue: true }, `contact_by < TIMESTAMPTZ '2024-10-02 12:00:00+00'`],
    [{ tier: ['AMBER'], overdue: false, search: 'C' }, `risk_tier = 'AMBER' AND starts_with(s.${KEY}, 'C')`],
  ])('filters by %j', async (query, where) => {
    expect(await total(query)).toBe(await counted(where));
  });

  test.each([
    ['value_at_risk', 'ascending', 'value_at_risk ASC NULLS LAST'],
    ['remaining_value', 'descending', 'remaining_value DESC NULLS LAST'],
    ['expected_gain', undefined, 'expected_gain DESC NULLS LAST'],
    ['contact_by', undefined, 'contact_by ASC NULLS LAST'],
    ['tier', undefined, `array_position(['RED', 'AMBER', 'YELLOW', 'GREEN'], risk_tier) ASC`],
    ['id', 'descending', `${KEY} DESC`],
    ['probability_30d', undefined, 'probability_30d DESC, raw_score_30d DESC'],
  ] as const)('sorts by %s %s, and pages neither overlap nor leave anybody out', async (sort, order, by) => {
    const ids = await idsOf({ tab: 'all', sort, ...(order === undefined ? {} : { order }) });
    const rows = await made.lake(
      `SELECT ${KEY} AS id FROM gold.churn_scores WHERE score_date = DATE '${AS_OF}' ORDER BY ${by}, ${KEY}`,
    );
    expect(ids).toEqual(rows.map(({ id }) => id));
  });

  test('gives an empty page with its total past the end', async () => {
    expect(await ask({ tab: 'all', offset: 1_000_000, limit: 10 })).toMatchObject({ total: ROWS, rows: [] });
  });

  test.each([...ODD_IDS, `'; DROP TABLE holdfast_desk.scores_1; --`, '%', '_', '\\', '$p0', ''])(
    'takes the search %j for a text and nothing else',
    async (search) => {
      const rows = await made.lake(
        `SELECT ${KEY} AS id FROM gold.churn_scores WHERE score_date = DATE '${AS_OF}'`,
      );
      const ids = rows
        .map(({ id }) => textOf(id))
        .filter((id) => id.toLowerCase().startsWith(search.toLowerCase()));
      expect(await total({ search })).toBe(ids.length);
      expect(await total({ assignee: search === '' ? 'x' : search })).toBe(0);
      expect(await total({ owner: [search] })).toBe(0);
      expect(await total({ segments: { technology: [search] } })).toBe(0);
    },
  );

  test.each<[string, CustomersQuery]>([
    ['tier', { tier: ['PURPLE'] }],
    ['sort', { sort: 'value_at_risk; DROP' }],
    ['sort', { sort: '__proto__' }],
    ['horizon', { horizon: 45, probability_from: 0.1 }],
    ['other_horizon', { other_horizon: 45 }],
    ['segment.postcode', { segments: { postcode: ['1'] } }],
  ])('refuses an unknown %s', async (field, query) => {
    await expect(ask(query)).rejects.toMatchObject({ code: 'HF611', place: { field } });
  });
});

describe('a what-if', () => {
  test('begins with anybody whom the filters leave, contacted or not, and names nobody', async () => {
    const start = await made.desk.whatIfStart({ tier: ['GREEN'] }, ANN);
    expect([start.id, start.as_of]).toEqual([null, AS_OF]);
    expect(Object.keys(start.features)).toEqual(Object.keys(made.pack.features));
    await expect(made.desk.whatIfStart({ search: 'nobody is called that' }, ANN)).rejects.toMatchObject({
      code: 'HF603',
    });
  });
});

describe('the overview', () => {
  let overview: Overview;
  beforeAll(async () => {
    overview = await made.desk.overview();
  });

  test('counts now and before', async () => {
    expect(overview).toMatchObject({
      as_of: AS_OF,
      previous: '2024-09-01',
      model_set: 1,
      scored: { now: ROWS, before: 2500 },
    });
    const rows = await made.lake(
      `SELECT CAST(score_date AS VARCHAR) AS day, risk_tier, count(*) AS n, sum(value_at_risk) AS value FROM gold.churn_scores GROUP BY ALL`,
    );
    const of = (day: string, tier: string) =>
      rows.find((row) => row['day'] === day && row['risk_tier'] === tier);
    for (const { name, count, value_at_risk: value, share } of overview.tiers) {
      expect(count).toEqual({ now: of(AS_OF, name)?.['n'], before: of('2024-09-01', name)?.['n'] });
      expect(value).toBeCloseTo(Number(of(AS_OF, name)?.['value']), 1);
      expect(share).toBe(count.now / ROWS);
    }
    expect(overview.tiers.map(({ name }) => name)).toEqual(['RED', 'AMBER', 'YELLOW', 'GREEN']);
  });

  test('has bars, bins and cells that each open exactly those whom they count', async () => {
    for (const { name, count } of overview.tiers) expect(await total({ tier: [name] })).toBe(count.now);
    for (const { days, bins } of overview.histograms) {
      expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(ROWS);
      for (const { from, to, count } of bins)
        expect(
          await total({ horizon: days, probability_from: from, probability_to: to }),
          `${String(days)} ${String(from)}`,
        ).toBe(count);
    }
    const { row_days: rowDays, column_days: columnDays, bands, cells } = overview.heatmap;
    expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(ROWS);
    for (const { row, column, count } of cells) {
      const found = await total({
        horizon: columnDays,
        probability_from: bands[column]?.from ?? 0,
        probability_to: bands[column]?.to ?? 1,
        other_horizon: rowDays,
        other_from: bands[row]?.from ?? 0,
        other_to: bands[row]?.to ?? 1,
      });
      expect(found, `${String(row)} ${String(column)}`).toBe(count);
    }
  });

  test('counts the work of teams as their rows are listed', async () => {
    for (const team of overview.teams) {
      const filter = { tier: [team.tier], owner: [team.owner] };
      const due = await ask(filter);
      expect([due.total, due.value_at_risk]).toEqual([team.due, team.value_at_risk]);
      expect((await ask({ ...filter, overdue: true })).total).toBe(team.overdue);
    }
    expect(overview.teams.map(({ tier }) => tier)).toEqual(['RED', 'AMBER', 'YELLOW']);
    expect(overview.teams[0]?.overdue).toBe(overview.teams[0]?.due);
  });
});

describe('the facts', () => {
  test('name horizons, tiers, segments with their values, and the inputs of the pack', async () => {
    const facts = await made.desk.facts();
    expect(facts).toMatchObject({
      pack: 'broadband',
      entity: 'customer',
      key: KEY,
      currency: 'GBP',
      horizons: [30, 60, 90],
      score_dates: [AS_OF, '2024-09-01'],
      model_set: 1,
    });
    expect(facts.tiers.map(({ name, horizon, threshold }) => [name, horizon, threshold])).toEqual([
      ['RED', 30, 0.5],
      ['AMBER', 60, 0.5],
      ['YELLOW', 90, 0.5],
      ['GREEN', null, null],
    ]);
    expect(facts.segments.find(({ name }) => name === 'technology')).toEqual({
      name: 'technology',
      label: 'Technology',
      values: ['A "quoted"', 'B', 'C, with a comma', 'missing'],
    });
    expect(facts.segments.find(({ name }) => name === 'contract_status_ord')?.values).toEqual([
      '0',
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
    ]);
    expect(facts.features.filter(({ is_main: isMain }) => isMain)).toHaveLength(15);
    expect(facts.features.find(({ name }) => name === 'tenure_days')).toMatchObject({
      is_frozen: true,
      group: 'tenure',
      lowest: 0,
      highest: 20_000,
    });
  });

  test('are there before the first scoring, and nothing else is', async () => {
    await using empty = await openMadeDesk();
    expect(await empty.desk.facts()).toMatchObject({ score_dates: [], model_set: null, segments: [] });
    await expect(empty.desk.overview()).rejects.toMatchObject({ code: 'HF602' });
    await expect(empty.desk.customers({}, LEA)).rejects.toMatchObject({ code: 'HF602' });
    await empty.score({ rows: 10, date: AS_OF });
    expect(await empty.desk.overview()).toMatchObject({ previous: null, scored: { now: 10, before: null } });
  });
});
