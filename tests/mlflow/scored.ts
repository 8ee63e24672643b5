/** Workspaces whose models MLflow is asked of: small packs with each learner, and one that cleans. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fixedClock } from '../../src/kernel/index.ts';
import { encodeRow, type StoredModel } from '../../src/model/index.ts';
import { setInUse, useChallenger } from '../support/set-in-use.ts';
import { changedMagazine, openMagazine, readers } from '../main-job/magazine.ts';
import { telcoCustomers } from '../support/telco.ts';
import { copyPack, type InlineRow, openWorkspace, type TestWorkspace } from '../support/workspace.ts';
import type { FeatureRow, MlflowQuestion } from './mlflow.ts';

const CLOCK = fixedClock('2025-03-14T09:30:00Z');

export const LEARNERS = {
  lightgbm: { parameters: '{ metric: average_precision, num_leaves: 7 }', flavor: 'lightgbm' },
  xgboost: { parameters: '{ max_depth: 3, eta: 0.1 }', flavor: 'xgboost' },
  random_forest: { parameters: '{}', flavor: 'lightgbm' },
  logistic_regression: { parameters: '{ l2: 2 }', flavor: null },
} as const;

const PARAMETERS = `  parameters:
    objective: binary
    metric: average_precision
    learning_rate: 0.1
    num_leaves: 7
    min_child_samples: 10
`;

/** Readers of whom some have no price or giver; `late` ones also an unheard-of title and giver. */
const incompleteReaders = (count: number, seed: number, late: boolean): InlineRow[] =>
  readers(count, seed).map((row, index) => ({
    ...row,
    monthly_price: index % 9 === 0 ? null : (row['monthly_price'] ?? null),
    complaints: index % 14 === 3 ? null : (row['complaints'] ?? null),
    gift_from: index % 11 === 0 ? null : late && index % 6 === 1 ? 'a neighbour' : (row['gift_from'] ?? null),
    title: late && index % 13 === 0 ? 'Weaving' : (row['title'] ?? null),
  }));

/** What Holdfast said of the rows that were scored. */
export interface Said {
  readonly probability: readonly number[];
  readonly raw: readonly number[];
  readonly risk: readonly number[];
}

/** A trained model with rows of a later delivery, of which Holdfast has said something. */
export interface Scored extends AsyncDisposable {
  readonly workspace: TestWorkspace;
  readonly model: StoredModel;
  /** Of the version. */
  readonly folder: string;
  /** Raw features of the rows that were scored. */
  readonly rows: readonly FeatureRow[];
  readonly said: Said;
}

/** What was scored: raw features, and what Holdfast said, row by row. */
async function batchOf(
  workspace: TestWorkspace,
  model: StoredModel,
  tables: { readonly features: string; readonly key: string },
): Promise<Pick<Scored, 'rows' | 'said'>> {
  const days = `${String(model.horizonDays)}d`;
  const names = model.encoding.features.filter(({ outlierOf }) => outlierOf === undefined);
  const read = await workspace.rows(
    `SELECT scores.probability_${days} AS holdfast_probability, scores.raw_score_${days} AS holdfast_raw,
       scores.risk_score_${days} AS holdfast_risk,
       ${names.map(({ name, type }) => `CAST(features.${name} AS ${type === 'numeric' ? 'DOUBLE' : 'VARCHAR'}) AS ${name}`).join(', ')}
     FROM gold.churn_scores AS scores JOIN ${tables.features} AS features
       ON features.${tables.key} = scores.${tables.key} AND features.observation_date = scores.score_date
     ORDER BY scores.${tables.key}`,
  );
  const column = (name: string): number[] => read.map((row) => Number(row[name]));
  return {
    rows: read.map((row) =>
      Object.fromEntries(names.map(({ name }) => [name, row[name] as FeatureRow[string]])),
    ),
    said: {
      probability: column('holdfast_probability'),
      raw: column('holdfast_raw'),
      risk: column('holdfast_risk'),
    },
  };
}

const onlyModel = async (workspace: TestWorkspace): Promise<StoredModel> => {
  const set = await setInUse(path.join(workspace.folder, 'models'));
  const [model] = set?.models ?? [];
  if (model === undefined) throw new Error('there is no model');
  return model;
};

const folderOf = (workspace: TestWorkspace, { name, version }: StoredModel): string =>
  path.join(workspace.folder, 'models', name, String(version));

const encodedRows = (model: StoredModel, rows: readonly FeatureRow[]): (number | null)[][] =>
  rows.map((row) =>
    Array.from(encodeRow(model.encoding, row), (value) => (Number.isNaN(value) ? null : value)),
  );

/** Trains on incomplete readers with a learner, and scores later ones. */
export async function scoredReaders(learner: keyof typeof LEARNERS): Promise<Scored> {
  const pack = await changedMagazine({
    file: 'pack.yaml',
    from: `learner:\n${PARAMETERS}`,
    to: `learner:\n  name: ${learner}\n  parameters: ${LEARNERS[learner].parameters}\n`,
  });
  const workspace = await openMagazine({ pack: pack.folder, clock: CLOCK });
  await workspace.land('readers_2025.csv', incompleteReaders(400, 1, false));
  await workspace.run();
  await workspace.land('readers_2026.csv', incompleteReaders(600, 2, true));
  await workspace.run({ from: 'ingest' });
  return scoredIn(workspace, pack, { features: 'gold.reader_features', key: 'reader_id' });
}

/** Trains on incomplete customers with every kind of cleaning, and scores later ones that are otherwise. */
export async function scoredCustomers(): Promise<Scored> {
  const pack = await copyPack('telco-snapshot');
  const before = await readFile(`${pack.folder}/pack.yaml`, 'utf8');
  const [section] = /^cleaning:\n(?: .*\n)+/m.exec(before) ?? [''];
  await pack.replace('pack.yaml', section, CLEANING);
  const workspace = await openWorkspace({
    pack: pack.folder,
    clock: CLOCK,
    settings: { 'learner.rounds': 40 },
  });
  await workspace.land('customers_1.csv', incompleteCustomers(telcoCustomers(900, 1), 1));
  await workspace.run({ to: 'train' });
  await useChallenger(workspace);
  await workspace.land('customers_2.csv', incompleteCustomers(telcoCustomers(500, 2), 3));
  await workspace.run({ from: 'ingest' });
  return scoredIn(workspace, pack, { features: 'gold.customer_features', key: 'customer_id' });
}

async function scoredIn(
  workspace: TestWorkspace,
  pack: AsyncDisposable,
  tables: { readonly features: string; readonly key: string },
): Promise<Scored> {
  const model = await onlyModel(workspace);
  return {
    workspace,
    model,
    folder: folderOf(workspace, model),
    ...(await batchOf(workspace, model, tables)),
    async [Symbol.asyncDispose]() {
      await workspace[Symbol.asyncDispose]();
      await pack[Symbol.asyncDispose]();
    },
  };
}

/** Asks the version's folder, and its booster where a library has one. */
export function questionOf({ model, folder, rows }: Scored): MlflowQuestion {
  const { flavor } = LEARNERS[model.learner.name as keyof typeof LEARNERS];
  return {
    folder,
    rows,
    ...(flavor === null ? {} : { flavor, values: encodedRows(model, rows) }),
  };
}

const CLEANING = `cleaning:
  numeric: { missing: median, outliers: { method: iqr, action: cap }, impossible: missing }
  categorical: { missing: mode, drop_above: 0.5 }
  features:
    total_charges: { missing: { constant: 0 }, outliers: { method: percentile, action: flag } }
    payment_method: { missing: { constant: not told } }
  repeated_keys: keep_first
`;

/** Customers of whom some have no charge, no contract, an unheard-of one, or a charge beyond all others. */
const incompleteCustomers = (rows: readonly InlineRow[], shift: number): InlineRow[] =>
  rows.map((row, index) => ({
    ...row,
    Partner: index % 5 < 3 ? null : (row['Partner'] ?? null),
    MonthlyCharges: index % 7 === 0 ? null : index % 31 === 1 ? 5000 : Number(row['MonthlyCharges']) * shift,
    Contract:
      index % 11 === 0 ? null : shift > 1 && index % 13 === 0 ? 'By the day' : (row['Contract'] ?? null),
    PaymentMethod: index % 17 === 0 ? null : (row['PaymentMethod'] ?? null),
    SeniorCitizen: shift > 1 && index % 19 === 0 ? 7 : (row['SeniorCitizen'] ?? null),
  }));
