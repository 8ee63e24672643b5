/** Leaks of many kinds, planted where a user could write them: each is found, under its name; clean packs pass. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditDocument } from '../../src/audit/index.ts';
import { addDays } from '../../src/domain/index.ts';
import { auditStep } from '../../src/workflow/index.ts';
import { MAGAZINE_PACK, openMagazine, readers } from '../main-job/magazine.ts';
import { type InlineRow, openWorkspace, type TestWorkspace } from '../support/workspace.ts';
import { type Change, changedPack, gym, GYM_PACK, landGym } from './gym.ts';

const MEMBERS = 'sql/silver/members.sql';
const FEATURES = 'sql/gold/member_features.sql';

/** A column of the snapshot as a feature more. */
const feature = (name: string, type = 'numeric'): Change[] => [
  { file: FEATURES, from: '  snapshot.plan,', to: `  snapshot.plan,\n  snapshot.${name},` },
  {
    file: 'features.yaml',
    to: `  ${name}: { type: ${type}, source: snapshot, window: snapshot, label: Planted }\n`,
  },
];

/** A column of the silver snapshots, made of another table. */
const joined = (column: string, join: string): Change[] => [
  {
    file: MEMBERS,
    from: 'SELECT * FROM snapshots',
    to: `SELECT snapshots.*, ${column} FROM snapshots ${join}`,
  },
];

interface Plant {
  readonly leak: string;
  readonly changes: readonly Change[];
  /** Feature and kind, feature null for a finding about rows. */
  readonly found: readonly (readonly [string | null, string])[];
}

const PLANTS: readonly Plant[] = [
  {
    leak: 'events of T itself, dated a day early',
    changes: [
      { file: 'sql/silver/payments.sql', from: '  paid_on,', to: '  add_days(paid_on, -1) AS paid_on,' },
    ],
    // What is spent is added up from the payments.
    found: [
      ['spent_last_month', 'same_day'],
      ['payments_60d', 'same_day'],
    ],
  },
  {
    leak: 'the month that starts at T, taken for the last one',
    changes: [
      {
        file: 'sql/silver/spending.sql',
        from: '  month,\n  CAST(last_day(month) AS DATE)',
        to: '  add_calendar_months(month, -1) AS month,\n  add_days(month, -1)',
      },
    ],
    found: [['spent_last_month', 'label_window']],
  },
  {
    leak: 'an aggregate over the whole history',
    changes: [
      ...joined(
        'total.spent',
        'LEFT JOIN (SELECT member_id, CAST(sum(amount) AS BIGINT) AS spent FROM silver.payments GROUP BY member_id) AS total ON total.member_id = snapshots.member_id',
      ),
      ...feature('spent'),
    ],
    found: [['spent', 'whole_history']],
  },
  {
    leak: 'missing values filled from the next snapshot',
    changes: [
      {
        file: MEMBERS,
        from: '    weight,\n',
        to: '    coalesce(weight, lead(weight) OVER (PARTITION BY member_id ORDER BY taken_on)) AS weight,\n',
      },
    ],
    found: [['weight', 'future_filled']],
  },
  {
    leak: 'the largest value of all snapshots',
    changes: [
      { file: MEMBERS, from: '    fee,\n', to: '    max(fee) OVER (PARTITION BY member_id) AS fee,\n' },
    ],
    found: [['fee', 'whole_history']],
  },
  {
    leak: 'a value of the next snapshot',
    changes: [
      {
        file: MEMBERS,
        from: '    fee,\n',
        to: '    fee + coalesce(lead(fee) OVER (PARTITION BY member_id ORDER BY taken_on), 0) AS fee,\n',
      },
    ],
    found: [['fee', 'later_snapshot']],
  },
  {
    leak: 'a target encoding over all rows',
    changes: [
      ...joined(
        'rates.rate AS plan_rate',
        `LEFT JOIN (
           SELECT m.plan, CAST(count(DISTINCT n.member_id) AS DOUBLE) / count(DISTINCT m.member_id) AS rate
           FROM bronze.members AS m LEFT JOIN silver.notices AS n ON n.member_id = m.member_id GROUP BY m.plan
         ) AS rates ON rates.plan = snapshots.plan`,
      ),
      ...feature('plan_rate'),
    ],
    found: [['plan_rate', 'target_encoding']],
  },
  {
    leak: 'a reason for leaving that is written into earlier snapshots',
    changes: feature('note', 'categorical'),
    found: [['note', 'missingness']],
  },
  {
    leak: 'a reason for leaving beside other texts',
    changes: [
      {
        file: MEMBERS,
        from: '    note\n',
        to: "    coalesce(note, CASE WHEN fee > 22 THEN 'pays well' ELSE 'none' END) AS note\n",
      },
      ...feature('note', 'categorical'),
    ],
    found: [['note', 'separates']],
  },
  {
    leak: 'a value that is gone for those who leave',
    changes: feature('next_fee'),
    found: [['next_fee', 'missingness']],
  },
  {
    leak: 'an open notice as a feature of who leaves',
    changes: [{ file: 'pack.yaml', from: '    placed: given_on\n', to: '    placed: ended_on\n' }],
    found: [['earlier_notices', 'open_event']],
  },
  {
    leak: 'late rows counted before they arrived',
    changes: [{ file: 'pack.yaml', from: '      available_at: received_on\n', to: '' }],
    found: [
      ['visits_30d', 'late_arrival'],
      ['minutes_90d', 'late_arrival'],
    ],
  },
  {
    leak: 'a column that is filled in later, as if it were known at once',
    changes: [
      {
        file: 'pack.yaml',
        from: '        ended_on: ended_on\n        refund: ended_on\n',
        to: '        ended_on: ended_on\n',
      },
      {
        file: FEATURES,
        from: 'count(*) AS earlier_notices',
        to: 'CAST(sum(refund) AS BIGINT) AS earlier_notices',
      },
    ],
    found: [['earlier_notices', 'filled_later']],
  },
  {
    leak: 'days counted from today',
    changes: [
      {
        file: FEATURES,
        from: '  snapshot.fee,',
        to: '  snapshot.fee + days_between(current_date, current_date) AS fee,',
      },
    ],
    found: [['fee', 'not_deterministic']],
  },
  {
    leak: 'chance in a filter below a feature',
    changes: [
      {
        file: 'sql/silver/visits.sql',
        from: 'FROM bronze.visits',
        to: 'FROM bronze.visits WHERE random() < 2',
      },
    ],
    found: [
      ['visits_30d', 'not_deterministic'],
      ['minutes_90d', 'not_deterministic'],
    ],
  },
];

const auditOf = (workspace: TestWorkspace, pack: string): Promise<AuditDocument> =>
  workspace.withContext(async (context) => (await auditStep(context, { reuse: false })).result.document, {
    pack,
  });

const named = ({ findings }: AuditDocument): [string | null, string][] =>
  findings.map(({ feature: name, kind }) => [name, kind]);

describe('the audit of dated rows', () => {
  let workspace: TestWorkspace;

  const audit = async (pack: string): Promise<AuditDocument> => {
    await workspace.run({ from: 'build', to: 'build' }, { pack });
    return auditOf(workspace, pack);
  };

  beforeAll(async () => {
    workspace = await openWorkspace({ pack: GYM_PACK });
    await landGym(workspace, gym());
    await workspace.run({ to: 'ingest' });
  });
  afterAll(() => workspace[Symbol.asyncDispose]());

  test('finds nothing in the clean pack, whatever dates are drawn', async () => {
    const document = await audit(GYM_PACK);
    expect(document.findings).toEqual([]);
    expect(document.notes).toEqual([]);
    expect(document.passed).toBe(true);
    expect(document.rebuilt.dates).toHaveLength(3);
    expect(document.features.map(({ verdict }) => verdict)).toEqual(Array(8).fill('none'));
  });

  test.each(PLANTS)('finds $leak', async ({ changes, found }) => {
    await using pack = await changedPack(GYM_PACK, changes);
    const document = await audit(pack.folder);
    expect(named(document), JSON.stringify(document.findings, null, 1)).toEqual(found);
    expect(document.passed).toBe(false);
  });

  test('finds snapshots that were taken after the day they are dated', async () => {
    await using later = await openWorkspace({ pack: GYM_PACK });
    const data = gym();
    await landGym(later, {
      ...data,
      members: data.members.map((row) => ({ ...row, taken_on: addDays(String(row['taken_on']), 9) })),
    });
    await using pack = await changedPack(GYM_PACK, [
      { file: MEMBERS, from: '    taken_on,', to: '    month_start(taken_on) AS taken_on,' },
    ]);
    await later.run({ to: 'build' }, { pack: pack.folder });
    const document = await auditOf(later, pack.folder);
    expect(named(document)).toEqual([[null, 'snapshot_after_date']]);
    expect(document.findings[0]?.evidence).toMatch(/taken later than their date says/);
  });
});

describe('the audit of undated rows', () => {
  const READERS = 'sql/silver/readers.sql';
  const planted = [
    { file: 'sql/gold/reader_features.sql', from: '  title,', to: '  title,\n  planted,' },
    {
      file: 'features.yaml',
      to: '  planted: { type: numeric, source: snapshot, window: snapshot, label: Planted }\n',
    },
  ];
  const silver = (column: string): Change => ({
    file: READERS,
    from: '  part\n',
    to: `  part,\n  ${column} AS planted\n`,
  });

  /** The findings of the magazine with these readers and changes. */
  const findings = async (rows: readonly InlineRow[], changes: readonly Change[]): Promise<unknown> => {
    await using pack = await changedPack(MAGAZINE_PACK, changes);
    await using workspace = await openMagazine({ pack: pack.folder });
    await workspace.land('readers.csv', rows);
    await workspace.run({ to: 'build' });
    return named(await auditOf(workspace, pack.folder));
  };
  const byColumn: Change = {
    file: 'pack.yaml',
    from: '{ method: random, train: 0.6, validation: 0.2, test: 0.2 }',
    to: '{ method: column, column: part, train: [a], validation: [b], test: [c] }',
  };

  test('finds nothing in the clean pack, twins and all', async () => {
    expect(await findings(readers(600), [])).toEqual([]);
    expect(await findings(readers(600, 4), [byColumn])).toEqual([]);
  });

  test('finds a target encoding over all rows', async () => {
    const rate = "avg(CASE WHEN ended = 'yes' THEN 1.0 ELSE 0.0 END) OVER (PARTITION BY title)";
    expect(await findings(readers(600), [...planted, silver(rate)])).toEqual([
      ['planted', 'target_encoding'],
    ]);
  });

  test('finds the target itself under another name', async () => {
    const copy = "CASE WHEN ended = 'yes' THEN 1 WHEN length(title) > 5 THEN 0 END";
    expect(await findings(readers(600), [...planted, silver(copy)])).toEqual([
      ['planted', 'reads_target'],
      ['planted', 'separates'],
    ]);
  });

  test('finds a mean over all rows, those of the test included', async () => {
    const mean = 'monthly_price - avg(monthly_price) OVER ()';
    expect(await findings(readers(600), [...planted, silver(mean)])).toEqual([['planted', 'whole_history']]);
  });

  test('finds keys whose order tells who left', async () => {
    const ordered = [...readers(600)].sort((one, other) =>
      String(one['ended']) < String(other['ended']) ? -1 : 1,
    );
    const numbered = ordered.map((row, index) => ({ ...row, reader_id: `R${String(index)}` }));
    expect(await findings(numbered, [])).toEqual([[null, 'id_order']]);
  });

  test('finds identical rows under different keys over the parts of the data', async () => {
    const rows = readers(600).map((row, index): InlineRow => ({
      ...row,
      months_subscribed: 1 + ((index * 7) % 400),
    }));
    const trained = rows.filter(({ part }) => part === 'a');
    const copies = rows.map((row, index) =>
      row['part'] === 'c' && index % 4 === 0
        ? { ...(trained[index % trained.length] ?? row), reader_id: row['reader_id'] ?? '', part: 'c' }
        : row,
    );
    expect(await findings(copies, [byColumn])).toEqual([[null, 'identical_rows']]);
    expect(await findings(rows, [byColumn])).toEqual([]);
  });
});

test('an audit of rows of one class says that each feature alone could not be judged, and why', async () => {
  await using workspace = await openWorkspace({ pack: GYM_PACK });
  const data = gym();
  // Notices come after the last label, so that nobody left within any known window.
  const [notice] = data.notices;
  await landGym(workspace, {
    ...data,
    notices: [{ ...notice, given_on: '2024-06-29', ended_on: null, refund: null }],
  });
  await workspace.run({ to: 'build' });
  const { summary, result } = await workspace.withContext((context) => auditStep(context, { reuse: false }));
  expect(result.document.not_judged.length).toBeGreaterThan(0);
  expect(result.document.not_judged[0]).toMatch(
    /^30 days: of [\d,]+ training rows 0 are positive, and 20 of each class are needed$/,
  );
  expect(summary).toMatch(/not judged: each feature alone at 30 days/);
});
