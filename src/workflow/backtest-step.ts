/** The backtest: what the lists of past months would have caught, cut by the models that could have existed then. */
import path from 'node:path';
import {
  countLists,
  type GrandTotal,
  knownMonths,
  type ListHistory,
  type ListRule,
  type ScoredMonth,
} from '../backtest/index.ts';
import { decide } from '../decide/index.ts';
import { riskScores } from '../domain/index.ts';
import { groupDigits, HoldfastError } from '../kernel/index.ts';
import type { Pack } from '../pack/index.ts';
import type { Context } from './context.ts';
import { checkDated, loadPastRows, type PastRows, type ScoredFold, walkFolds, warnFewer } from './folds.ts';
import { writeDocument } from './report-document.ts';
import type { StepOutcome } from './steps.ts';

export interface BacktestOptions {
  /** Months a list, the newest whose outcome is known; default 6. */
  readonly months?: number;
}

/** What past lists would have come to. Money is in `currency`, under the assumptions of the pack. */
export interface Backtest {
  readonly pack: string;
  readonly packHash: string;
  readonly testedAt: string;
  readonly trainingSetVersion: number;
  readonly currency: string;
  /** Where the pack says that its figures come from. */
  readonly assumption: string;
  /** How money is counted, in words with the figures of the pack. */
  readonly money: string;
  readonly lists: readonly ListHistory[];
  readonly total: GrandTotal;
}

export interface BacktestResult {
  readonly backtest: Backtest;
  /** Absolute path of the JSON file. */
  readonly file: string;
}

/** Where the newest backtest is written. */
export const backtestFile = ({ folders }: Context): string => path.join(folders.reports, 'backtest.json');

/**
 * Walks along the newest months, cuts the lists of each and counts what happened afterwards. Throws HF207 for a
 * pack without dates, and where no month has enough history before it.
 */
export async function backtestStep(
  context: Context,
  { months = 6 }: BacktestOptions = {},
): Promise<StepOutcome<BacktestResult>> {
  const { pack, clock } = context;
  if (!Number.isInteger(months) || months < 1)
    throw new HoldfastError('HF101', {
      message: `months is ${String(months)}, not a whole number from 1 up`,
      hint: 'give the number of past months to walk along',
    });
  checkDated(pack, 'only a pack with a time section can be tested on past months');
  const past = await loadPastRows(context);
  const { lists, total } = await walkLists(context, past, months);
  checkAnyMonth(lists);
  const backtest: Backtest = {
    pack: pack.file.name,
    packHash: pack.hash,
    testedAt: clock.now().toISOString(),
    trainingSetVersion: past.trainingSetVersion,
    currency: pack.file.value.currency,
    assumption: pack.file.value.assumption,
    money: moneyInWords(pack),
    lists,
    total,
  };
  const file = backtestFile(context);
  await writeDocument(file, 'backtest', backtest);
  return {
    summary: `tested ${String(lists.length)} lists on past months: ${groupDigits(total.contacted)} contacts, ${groupDigits(total.caught)} before somebody left, ${groupDigits(total.inVain)} in vain`,
    result: { backtest, file },
  };
}

async function walkLists(
  context: Context,
  past: PastRows,
  months: number,
): Promise<{ lists: readonly ListHistory[]; total: GrandTotal }> {
  const { pack } = context;
  const { value } = pack.file;
  const rules = listRules(pack);
  const counter = countLists(rules, {
    contactCost: value.contact_cost,
    offerCost: value.offer_cost,
    acceptance: value.acceptance,
  });
  const wanted = rules.map(({ list, horizonDays }) => ({
    list,
    days: knownMonths(past.calendar, pack.file.horizons.indexOf(horizonDays), months),
  }));
  warnFewer(
    context,
    '--months',
    months,
    wanted.map(({ list, days }) => ({ name: list, months: days.length })),
  );
  await walkFolds(context, past, {
    name: 'train and cut lists',
    days: [...new Set(wanted.flatMap(({ days }) => days))].sort((a, b) => a - b),
    visit: (scored, day) => {
      const lists = new Set(wanted.filter(({ days }) => days.includes(day)).map(({ list }) => list));
      const lacking = scored.fold.horizons.find((plan) => 'reason' in plan);
      // A tier may look at any horizon: without one of the models there are no tiers.
      if (lacking !== undefined && 'reason' in lacking)
        counter.skip(scored.fold.observedOn, lists, `${String(lacking.days)} days: ${lacking.reason}`);
      else counter.count(scoredMonth(pack, past, scored), lists);
    },
  });
  return counter.result();
}

/** The lists of the pack, with the horizon that each is ordered by. */
function listRules({ file }: Pack): ListRule[] {
  return Object.entries(file.lists).map(([list, { tier, capacity }]) => ({
    list,
    tier,
    horizonDays: file.tiers.ladder.find(({ name }) => name === tier)?.horizon ?? file.horizons[0] ?? 0,
    capacity: capacity ?? null,
  }));
}

function scoredMonth({ file }: Pack, past: PastRows, { fold, horizons }: ScoredFold): ScoredMonth {
  const values = Float64Array.from(fold.rows, (row) => past.values[row] as number);
  const decision = decide(
    {
      horizons: horizons.map((horizon) => ({
        ...horizon,
        riskScores: riskScores(horizon.probabilities, horizon.baseRate),
      })),
      values,
    },
    file.tiers,
    file.value,
  );
  return {
    observedOn: fold.observedOn,
    entities: Uint32Array.from(fold.rows, (row) => past.history.entities[row] as number),
    tierOf: (row) => decision.tierNames[decision.tiers[row] as number] ?? file.tiers.otherwise,
    values,
    horizons,
  };
}

function checkAnyMonth(lists: readonly ListHistory[]): void {
  if (lists.some(({ total }) => total.months > 0)) return;
  const [newest] = lists.flatMap(({ months }) => months.slice(-1));
  throw new HoldfastError('HF207', {
    message:
      newest === undefined
        ? 'there is no month whose outcome is known, or no list to cut'
        : `no month can be tested; the newest, ${newest.observedOn}: ${'reason' in newest ? newest.reason : ''}`,
    hint: 'deliver more past months, or more entities',
  });
}

function moneyInWords({ file }: Pack): string {
  const { acceptance, months, offer_cost, contact_cost, currency } = file.value;
  const percent = `${String(Number((acceptance * 100).toPrecision(6)))} %`;
  return (
    `Expected, not measured. Every contact costs ${String(contact_cost)} ${currency}, and the ${percent} who accept ` +
    `an offer cost ${String(offer_cost)} ${currency} each, whether they would have left or not. ` +
    `Of those who would have left, the ${percent} who accept stay and bring their revenue of ${String(months)} months. ` +
    'Totals count that revenue once for everyone, in however many months and on however many lists they were contacted.'
  );
}
