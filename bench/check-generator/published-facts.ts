/**
 * What is published about a UK broadband provider's tables. Long lists are read from the published files where
 * they lie; the few figures that are printed in a text only are written here, as facts with their source.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

export interface PublishedFacts {
  /** The 254 inner k/255 quantiles of each feature over the training snapshots. */
  readonly quantiles: Readonly<Record<string, readonly number[]>>;
  /** Category values in the order of their published codes. */
  readonly categories: Readonly<Record<string, readonly string[]>>;
  readonly conditionalRates: readonly ConditionalRate[];
  readonly rootShares: readonly RootShare[];
}

/** A node of the published tree: its conditions from the root down, rows and cease rate. */
export interface ConditionalRate {
  readonly conditions: readonly string[];
  readonly rows: number;
  /** Share of rows with a cease within 30 days. */
  readonly rate: number;
}

/** The published share of training snapshots at or below a threshold. */
export interface RootShare {
  readonly feature: string;
  readonly threshold: number;
  readonly rowsAbove: number;
  readonly shareAbove: number;
}

/** Where the published files lie beside a checkout. */
export const PUBLISHED_FACTS_FOLDER = path.resolve(
  import.meta.dirname,
  '../../../shared/data/uk-broadband-facts',
);

const QUANTILES = 'train_quantiles_254_and_categories.json';
const TREE = 'conditional_cease_rates_tree0.txt';

/** Reads the published files of a folder. Throws where one is missing or not as described. */
export async function readPublishedFacts(folder: string): Promise<PublishedFacts> {
  const quantiles = JSON.parse(await readFile(path.join(folder, QUANTILES), 'utf8')) as {
    thr: Record<string, number[]>;
    categories: Record<string, string[]>;
  };
  const lines = (await readFile(path.join(folder, TREE), 'utf8')).split('\n');
  const facts = {
    quantiles: quantiles.thr,
    categories: quantiles.categories,
    conditionalRates: conditionalRatesOf(lines),
    rootShares: lines.flatMap(rootShareOf),
  };
  if (facts.conditionalRates.length < 50 || facts.rootShares.length < 50)
    throw new Error(`${TREE} does not hold the expected nodes and root splits`);
  return facts;
}

function conditionalRatesOf(lines: readonly string[]): ConditionalRate[] {
  const path: string[] = [];
  return lines.flatMap((line) => {
    const match = /^(\s*)(\S.*?)\s+n=(\d+) .*cease30=([\d.]+)%/.exec(line);
    if (match === null) return [];
    const [, indent = '', condition = '', rows, rate] = match;
    path.length = indent.length / 2;
    if (condition !== 'ALL') path[indent.length / 2 - 1] = condition;
    return [{ conditions: path.filter(Boolean), rows: Number(rows), rate: Number(rate) / 100 }];
  });
}

function rootShareOf(line: string): RootShare[] {
  const match = /^\('(\w+)', ([-\d.]+)\) \((\d+), (\d+)\)/.exec(line);
  if (match === null) return [];
  const [, feature = '', threshold, below, above] = match;
  const rows = Number(below) + Number(above);
  return [
    {
      feature,
      threshold: Number(threshold),
      rowsAbove: Number(above),
      shareAbove: Number(above) / rows,
    },
  ];
}

/** Features whose distribution is compared. */
export const DISTRIBUTIONS = [
  'ooc_days',
  'line_speed',
  'tenure_days',
  'avg_download_30d',
  'sum_download_30d',
  'avg_upload_30d',
  'sum_upload_30d',
  'avg_talk_time_30d',
  'avg_hold_time_30d',
] as const;

/** Rows of the published tables, and customers by what became of them. */
export const COUNTS = {
  snapshots: 3_545_538,
  'repeated customer-months': 12_818,
  'usage days': 83_185_050,
  calls: 628_437,
  'cease orders': 146_363,
  'customers who placed a cease': 130_934,
  'customers whose cease was completed': 117_559,
} as const;

/** Cease rate within 30 days, the last month counted as "no". */
export const BASE_RATES = { train: 0.0388, validation: 0.0472, test: 0.0343 } as const;

/** Calls by type in the whole table; `null` is a call without a type. */
export const CALLS_BY_TYPE: Readonly<Record<string, number>> = {
  Tech: 171_942,
  'CS&B': 167_117,
  Loyalty: 144_269,
  'Customer Finance': 71_105,
  FTTP: 43_926,
  null: 17_948,
  Other: 5_385,
  'Order Management': 4_422,
  Complaints: 1_504,
};

/** Customers by the technology and the speed of their latest row. */
export const TECHNOLOGY: Readonly<Record<string, number>> = {
  FTTC: 169_543,
  MPF: 22_557,
  GFAST: 9_807,
  FTTP: 875,
};
export const SPEED: Readonly<Record<string, number>> = {
  '65': 104_222,
  '35': 47_793,
  '18': 22_557,
  '40': 17_780,
  '150': 9_480,
  '250': 514,
  '1000': 392,
  '500': 27,
  '900': 17,
};

/** Shares of the customers whose cease was completed, of 1. */
export const CHANNEL_OF_LEAVERS: Readonly<Record<string, number>> = {
  'Online - Affiliate': 0.344,
  Partners: 0.124,
  Inbound: 0.123,
  'Online - Search': 0.094,
  Unknown: 0.077,
  'Migrated Customer': 0.068,
  Retail: 0.063,
  'Online - Ambient': 0.059,
  Webchat: 0.027,
  Field: 0.009,
  'Online - Other': 0.0075,
  Outbound: 0.0046,
  Other: 0.0005,
};
export const REASONS: Readonly<Record<string, number>> = {
  VagueReason: 0.466,
  CompetitorDeals: 0.405,
  Bereavement: 0.068,
  Other: 0.032,
  HomeMove: 0.021,
  TechnicalIssue: 0.012,
  BadDebtDisconnect: 0.004,
  'Mis-sold': 0.0017,
  CustomerServices: 0.0016,
  'Installation&Provisioning': 0.0009,
};

/** What customers did before they placed a cease, and stayers before their last snapshot. */
export const BEFORE_THE_CEASE = {
  leavers: {
    any_call_30d: 0.5121,
    any_call_90d: 0.5785,
    mean_calls_30d: 1.33,
    mean_calls_60d: 1.65,
    mean_calls_90d: 1.86,
    any_loyalty_30d: 0.3276,
    any_customer_service_30d: 0.2011,
    any_finance_30d: 0.1048,
    any_tech_30d: 0.0831,
    any_cancelled_payment: 0.3874,
    any_cancelled_payment_60d: 0.2741,
  },
  stayers: {
    any_call_30d: 0.0402,
    any_call_90d: 0.0931,
    mean_calls_30d: 0.09,
    mean_calls_60d: 0.17,
    mean_calls_90d: 0.24,
    any_loyalty_30d: 0.0159,
    any_customer_service_30d: 0.0145,
    any_finance_30d: 0.0057,
    any_tech_30d: 0.0147,
    any_cancelled_payment: 0.0386,
    any_cancelled_payment_60d: 0.0224,
  },
} as const;

/** Weekly download of those about to leave, from the week of the cease back: customers with rows, MB. */
export const WEEKS_BEFORE_THE_CEASE = [
  { week: 0, share: 74_039 / 130_934, mean: 84_664, median: 55_859 },
  { week: 1, share: 75_609 / 130_934, mean: 86_011, median: 57_329 },
  { week: 2, share: 77_370 / 130_934, mean: 86_832, median: 58_449 },
  { week: 3, share: 78_548 / 130_934, mean: 87_571, median: 59_058 },
  { week: 4, share: 80_387 / 130_934, mean: 87_719, median: 59_369 },
  { week: 5, share: 82_288 / 130_934, mean: 88_259, median: 59_821 },
  { week: 6, share: 84_183 / 130_934, mean: 89_746, median: 61_208 },
  { week: 7, share: 85_527 / 130_934, mean: 89_999, median: 61_999 },
] as const;

/** The published gradient-boosted trees and logistic regression, 30 days. */
export const PUBLISHED_MODELS = {
  validation: { areaUnderRoc: 0.918, averagePrecision: 0.401, logisticAreaUnderRoc: 0.901 },
  test: { areaUnderRoc: 0.91, averagePrecision: 0.297, liftAtTenth: 7.07 },
} as const;
