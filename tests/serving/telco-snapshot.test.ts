/**
 * Answers about customers of the snapshot pack with every kind of cleaning, missing values and unheard-of categories: as
 * the batch, to the bit, whether their key, their features or their delivered row is sent.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { textOf } from '../../src/engine/index.ts';
import { fixedClock } from '../../src/kernel/index.ts';
import type { RawFields, ScoringAnswer, ScoringService } from '../../src/workflow/index.ts';
import { telcoCustomers } from '../support/telco.ts';
import {
  copyPack,
  type InlineRow,
  openWorkspace,
  type PackCopy,
  type TestWorkspace,
} from '../support/workspace.ts';
import { openDoor } from './door.ts';
import { expectAsBatch, newestBatch, withService } from './as-batch.ts';

const CLEANING = `cleaning:
  numeric: { missing: median, outliers: { method: iqr, action: cap }, impossible: missing }
  categorical: { missing: mode, drop_above: 0.5 }
  features:
    total_charges: { missing: { constant: 0 }, outliers: { method: percentile, action: flag } }
    contract: { missing: leave }
    payment_method: { missing: { constant: not told } }
  repeated_keys: keep_first
`;

/** Customers of whom some have no charge, no contract, an unheard-of one, or a charge beyond all others. */
function incomplete(rows: readonly InlineRow[], shift: number): InlineRow[] {
  return rows.map((row, index) => ({
    ...row,
    Partner: index % 5 < 3 ? null : (row['Partner'] ?? null),
    MonthlyCharges: index % 7 === 0 ? null : index % 31 === 1 ? 5000 : Number(row['MonthlyCharges']) * shift,
    Contract:
      index % 11 === 0 ? null : shift > 1 && index % 13 === 0 ? 'By the day' : (row['Contract'] ?? null),
    PaymentMethod:
      index % 17 === 0 ? null : shift > 1 && index % 23 === 0 ? 'In gold' : (row['PaymentMethod'] ?? null),
    SeniorCitizen: shift > 1 && index % 19 === 0 ? 7 : (row['SeniorCitizen'] ?? null),
  }));
}

const LATER = incomplete(telcoCustomers(400, 2), 3);

let pack: PackCopy;
let workspace: TestWorkspace;

beforeAll(async () => {
  pack = await copyPack('telco-snapshot');
  const before = await readFile(`${pack.folder}/pack.yaml`, 'utf8');
  const [section] = /^cleaning:\n(?: .*\n)+/m.exec(before) ?? [''];
  await pack.replace('pack.yaml', section, CLEANING);
  // What is compared here is not how good the model is.
  await pack.replace('pack.yaml', '{ metric: f1, at_least: 0.45 }', '{ metric: f1, at_least: 0 }');
  await pack.replace('pack.yaml', '{ metric: auc_roc, at_least: 0.75 }', '{ metric: auc_roc, at_least: 0 }');
  workspace = await openWorkspace({
    pack: pack.folder,
    clock: fixedClock('2025-03-14T09:00:00Z'),
    settings: { 'learner.rounds': 60 },
  });
  await workspace.land('customers_1.csv', incomplete(telcoCustomers(900, 1), 1));
  await workspace.run();
  await workspace.land('customers_2.csv', LATER);
  await workspace.run({ from: 'ingest' });
});
afterAll(async () => {
  await workspace[Symbol.asyncDispose]();
  await pack[Symbol.asyncDispose]();
});

test('keys and features are answered as the batch was scored, and unheard-of categories are named', async () => {
  await withService(workspace, async (service, context) => {
    const rows = await expectAsBatch(service, context);
    expect(rows.filter(({ scores }) => scores['reason_1'] !== null)).not.toEqual([]);
    const unseen = new Map<string, number>();
    for (const { key, features } of rows) {
      const expected = ['contract', 'payment_method'].filter((name) =>
        ['By the day', 'In gold'].includes(String(features[name])),
      );
      const { unseenCategories } = service.score({ entityId: key });
      expect(unseenCategories).toEqual(expected);
      for (const name of unseenCategories) unseen.set(name, (unseen.get(name) ?? 0) + 1);
    }
    expect([...unseen.keys()].sort()).toEqual(['contract', 'payment_method']);
  });
});

describe('rows as they would be delivered', () => {
  const rawOf = ({ customerID: _key, Churn: _outcome, ...fields }: InlineRow): RawFields => fields;

  const scoreRaw = async (
    service: ScoringService,
    entityId: string,
    fields: RawFields,
  ): Promise<ScoringAnswer> => {
    const { features = {}, unread = [] } = (await service.raw?.features(fields)) ?? {};
    const answer = service.score({ entityId, features });
    return unread.length === 0 ? answer : { ...answer, unreadFields: unread };
  };

  test('are answered as the batch was scored', async () => {
    await withService(workspace, async (service, context) => {
      const batch = new Map((await newestBatch(context)).map((row) => [row.key, row]));
      const rows = LATER.filter((row) => row['Churn'] === 'No').slice(0, 120);
      for (const row of rows) {
        const key = textOf(row['customerID'] ?? '');
        expect(batch.has(key)).toBe(true);
        const { featuresAsOf, ...expected } = service.score({ entityId: key });
        expect(featuresAsOf).toBeDefined();
        expect(await scoreRaw(service, key, rawOf(row)), key).toEqual(expected);
      }
    });
  });

  test('are answered over HTTP as their key is, and recorded with the features made of them', async () => {
    await withService(workspace, async (service) => {
      await using door = await openDoor(service, {}, fixedClock('2025-03-14T09:00:00Z'));
      const ask = async (url: string, body: object): Promise<Record<string, unknown>> =>
        (
          await door.app.inject({
            method: 'POST',
            url,
            payload: JSON.stringify(body),
            headers: { 'content-type': 'application/json', host: 'localhost' },
          })
        ).json();
      for (const row of LATER.filter(({ Churn }) => Churn === 'No').slice(0, 20)) {
        const raw = await ask('/predict/raw', row);
        const recorded = door.recorded.at(-1)?.features;
        const known = await ask('/predict', { customer_id: row['customerID'] });
        for (const name of [
          'customer_id',
          'churn_probability',
          'risk_score',
          'risk_decile',
          'risk_level',
          'reasons',
        ])
          expect(raw[name], name).toEqual(known[name]);
        expect(recorded).toMatchObject({ tenure_months: row['tenure'] });
      }
    });
  });

  test('are answered without what cannot be read, which is named, and refused without a column (HF203)', async () => {
    await withService(workspace, async (service) => {
      const fields = rawOf(LATER[1] ?? {});
      const answer = await scoreRaw(service, 'new', { ...fields, tenure: 'long' });
      expect(answer).toMatchObject({ entityId: 'new', unreadFields: ['tenure'] });
      const { tenure: _tenure, ...without } = fields;
      await expect(scoreRaw(service, 'new', without)).rejects.toMatchObject({
        code: 'HF203',
        place: { field: 'tenure' },
      });
    });
  });
});

test('features of a request are told with their categories, and those that training left out as unused', async () => {
  await withService(workspace, (service) => {
    const features = new Map(service.features.map((feature) => [feature.name, feature]));
    expect(features.get('partner')).toMatchObject({ type: 'categorical', isUnused: true });
    expect(features.get('contract')?.isUnused).toBeUndefined();
    expect(features.has('total_charges_outlier')).toBe(false);
    expect(features.get('tenure_months')).toEqual({
      name: 'tenure_months',
      type: 'numeric',
      isInteger: true,
      range: [0, 1200],
      unit: 'months',
      label: 'Tenure',
      isNullable: true,
      categories: [],
    });
    expect(features.get('monthly_charges')?.isInteger).toBe(false);
    expect(features.get('contract')).toMatchObject({ type: 'categorical', isInteger: false });
    expect(features.get('contract')?.categories).toContain('Month-to-month');
    return Promise.resolve();
  });
});

describe('features in a request', () => {
  test('are refused by the name of the one that is absent or of another kind (HF504)', async () => {
    await withService(workspace, async (service, context) => {
      const [row] = await newestBatch(context);
      const features = row?.features ?? {};
      const { tenure_months: _tenure, ...absent } = features;
      const cases = [absent, { ...features, tenure_months: 'a year' }, { ...features, tenure_months: '' }];
      for (const given of cases)
        expect(() => service.score({ entityId: 'new', features: given })).toThrow(
          expect.objectContaining({ code: 'HF504', place: { field: 'tenure_months' } }),
        );
    });
  });

  test('are explained on request: contributions and base add up to a log-odds that the probability comes of', async () => {
    await withService(workspace, async (service, context) => {
      const [row] = await newestBatch(context);
      const request = { entityId: row?.key ?? '', features: row?.features ?? {} };
      const plain = service.score(request);
      expect(plain.contributions).toBeUndefined();
      const { contributions, ...explained } = service.score(request, { explain: true });
      expect(explained).toEqual(plain);
      expect(contributions).toHaveLength(1);
      const [own] = contributions ?? [];
      const sum = Object.values(own?.features ?? {}).reduce((total, value) => total + value, own?.base ?? 0);
      expect(sum).toBeCloseTo(Number(row?.scores['raw_score_30d']), 9);
      expect(service.score(request, { reasons: false }).reasons).toEqual([]);
    });
  });
});
