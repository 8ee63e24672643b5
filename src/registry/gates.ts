/** Whether a model set may go into staging and into production, by the gates of its pack: pure. */
import type { HorizonComparison, SegmentComparison } from '../domain/index.ts';
import { canonicalJson, groupDigits } from '../kernel/index.ts';
import type { SplitMetrics } from '../model/index.ts';
import type { PackFile } from '../pack/index.ts';
import { comparisonTerms, type GateEvidence, type HorizonEvidence } from './gate-evidence.ts';

/** What one gate says: a value, the limit that it is held against, and the verdict. */
export interface GateVerdict {
  readonly stage: 'staging' | 'production';
  readonly gate:
    | 'test_rows'
    | 'threshold'
    | 'skew'
    | 'smoke'
    | 'single_row_time'
    | 'no_champion'
    | 'champion_unusable'
    | 'better'
    | 'not_worse'
    | 'confidence'
    | 'segment';
  /** Null for a gate of the set as a whole. */
  readonly horizonDays: number | null;
  /** The metric that the value is of, or the difference. */
  readonly metric?: string;
  readonly segment?: { readonly name: string; readonly value: string };
  /** Null where there is none; the reason says why. */
  readonly value: number | null;
  readonly limit: number | null;
  readonly compare: 'at_least' | 'at_most' | 'above';
  readonly passed: boolean;
  /** Why there is no value, or what the value means. */
  readonly reason?: string;
}

/** The parts of a pack file that say what a set must reach. */
export type GateRules = Pick<PackFile, 'gates' | 'promotion'>;

/**
 * Every gate of staging and production, passed or not. Staging holds for every horizon, whether its model
 * changed or not: labelled test rows, the pack's thresholds, the scores that were kept at training, and for
 * the set a few rows and the time of one. Production asks in addition that every horizon whose model changed
 * is better than the champion's (or not worse by more than the margin), that the paired resamples say so
 * with the pack's confidence, and that no value of a segment is worse than its margin allows. A segment
 * fails where even the upper end of its difference, which is one-sided, lies below the margin; segments
 * that are too small to tell pass with the reason.
 */
export function judge(evidence: GateEvidence, rules: GateRules): GateVerdict[] {
  return [...judgeStaging(evidence, rules), ...judgeProduction(evidence, rules)];
}

/** The pack's thresholds of today for the set that is in production; none without such a set. */
export function judgeChampion({ horizons }: GateEvidence, rules: GateRules): GateVerdict[] {
  return horizons.flatMap(({ horizonDays, championTest }) =>
    championTest === null ? [] : judgeTest(horizonDays, championTest, rules),
  );
}

/** Whether every gate of staging is passed. */
export const passedStaging = (verdicts: readonly GateVerdict[]): boolean => passed(verdicts, 'staging');

/** Whether every gate of production is passed, and every one of staging before. */
export const passedProduction = (verdicts: readonly GateVerdict[]): boolean =>
  passed(verdicts, 'staging') && passed(verdicts, 'production');

function passed(verdicts: readonly GateVerdict[], stage: GateVerdict['stage']): boolean {
  const own = verdicts.filter((verdict) => verdict.stage === stage);
  return own.length > 0 && own.every((verdict) => verdict.passed);
}

function judgeStaging({ horizons, smoke, singleRowMs }: GateEvidence, rules: GateRules): GateVerdict[] {
  const { single_row_ms: limit } = rules.promotion;
  const staging = { stage: 'staging', compare: 'at_most' } as const;
  const faults = smoke.notFinite + smoke.outside + smoke.incoherent;
  return [
    ...horizons.flatMap(({ horizonDays, test, skew }): GateVerdict[] => {
      const { rows, largestDifference } = skew;
      const about =
        rows === 0
          ? 'no rows were kept at training'
          : largestDifference === null
            ? 'a score is no number'
            : `largest difference to what was kept at training, on ${groupDigits(rows)} rows`;
      return [
        ...judgeTest(horizonDays, test, rules),
        {
          ...staging,
          gate: 'skew',
          horizonDays,
          value: rows === 0 ? null : largestDifference,
          limit: 0,
          passed: rows > 0 && largestDifference === 0,
          reason: about,
        },
      ];
    }),
    {
      ...staging,
      gate: 'smoke',
      horizonDays: null,
      value: smoke.rows === 0 ? null : faults,
      limit: 0,
      passed: smoke.rows > 0 && faults === 0,
      reason:
        smoke.rows === 0
          ? 'there were no rows to try'
          : `of ${groupDigits(smoke.rows)} rows ${String(smoke.notFinite)} without a number, ${String(smoke.outside)} outside 0 to 1, ${String(smoke.incoherent)} falling with a longer horizon`,
    },
    {
      ...staging,
      gate: 'single_row_time',
      horizonDays: null,
      value: singleRowMs,
      limit,
      passed: singleRowMs !== null && singleRowMs <= limit,
      reason: singleRowMs === null ? 'not measured' : 'milliseconds for one row and all horizons',
    },
  ];
}

/** That there are test rows, and the thresholds of the pack on them. */
function judgeTest(horizonDays: number, test: SplitMetrics, { gates }: GateRules): GateVerdict[] {
  const unknown = 'rows' in test ? undefined : `test: ${test.reason}`;
  const common = { stage: 'staging', horizonDays } as const;
  const rows = 'rows' in test ? test.rows : 0;
  // A pack that asks for nothing may begin before any outcome is known.
  if (gates.length === 0) return [];
  return [
    {
      ...common,
      gate: 'test_rows',
      value: rows,
      limit: 1,
      compare: 'at_least',
      passed: rows > 0,
      ...(unknown === undefined ? {} : { reason: unknown }),
    },
    ...gates.flatMap(({ metric, at_least: least, at_most: most }): GateVerdict[] => {
      const measured = 'rows' in test ? test.metrics[metric] : undefined;
      const value = measured?.value ?? null;
      const reason =
        value === null ? (unknown ?? measured?.reason ?? 'the metric was not measured') : undefined;
      const about = {
        ...common,
        gate: 'threshold',
        metric,
        value,
        ...(reason === undefined ? {} : { reason }),
      } as const;
      return [
        ...(least === undefined
          ? []
          : [
              {
                ...about,
                limit: least,
                compare: 'at_least' as const,
                passed: value !== null && value >= least,
              },
            ]),
        ...(most === undefined
          ? []
          : [
              { ...about, limit: most, compare: 'at_most' as const, passed: value !== null && value <= most },
            ]),
      ];
    }),
  ];
}

function judgeProduction(
  { hasChampion, championUnusable, horizons }: GateEvidence,
  rules: GateRules,
): GateVerdict[] {
  if (hasChampion && championUnusable === null)
    return horizons.flatMap((horizon) => judgeComparison(horizon, rules));
  return [
    {
      stage: 'production',
      gate: hasChampion ? 'champion_unusable' : 'no_champion',
      horizonDays: null,
      value: null,
      limit: null,
      compare: 'at_least',
      passed: true,
      // A set that cannot answer is no reason to keep one that can from its place.
      reason: championUnusable ?? 'no champion yet',
    },
  ];
}

/** One verdict where nothing is compared; else those on the difference, its confidence and the segments. */
function judgeComparison(evidence: HorizonEvidence, { promotion }: GateRules): GateVerdict[] {
  const { horizonDays, isUnchanged, championTest, comparison } = evidence;
  const { metric, rule } = promotion;
  const common = { stage: 'production', horizonDays, metric } as const;
  const difference =
    rule === 'better'
      ? ({ ...common, gate: 'better', limit: 0, compare: 'above' } as const)
      : ({ ...common, gate: 'not_worse', limit: 0 - promotion.margin, compare: 'at_least' } as const);
  const without = (reason: string, isPassed: boolean): GateVerdict[] => [
    { ...difference, value: null, passed: isPassed, reason },
  ];
  if (isUnchanged) return without('unchanged: the model of the champion', true);
  if (championTest === null) return without('the champion has no model of this horizon', true);
  if (comparison === null) return without('not compared with the champion', false);
  if ('reason' in comparison) return without(`test: ${comparison.reason}`, false);
  if (canonicalJson(comparison.terms) !== canonicalJson(comparisonTerms(promotion)))
    return without('compared by other terms than those of the pack: gather the evidence again', false);
  const { value, reason } = comparison.whole.difference;
  return [
    {
      ...difference,
      value,
      passed: value !== null && (rule === 'better' ? value > 0 : value >= difference.limit),
      reason: value === null ? (reason ?? 'there is no difference') : wholeText(comparison, evidence),
    },
    confidenceVerdict(common, comparison),
    ...comparison.segments.map((segment) => segmentVerdict(common, segment, comparison)),
  ];
}

type Common = Pick<GateVerdict, 'stage' | 'horizonDays'> & { readonly metric: string };

function confidenceVerdict(common: Common, { terms, whole }: HorizonComparison): GateVerdict {
  const { share, difference } = whole;
  const what = terms.rule === 'better' ? 'is better' : 'is not worse by more than the margin';
  return {
    ...common,
    gate: 'confidence',
    value: share,
    limit: terms.confidence,
    compare: 'at_least',
    passed: share !== null && share >= terms.confidence,
    reason:
      share === null
        ? (difference.reason ?? 'there is no interval')
        : `share of the paired resamples in which the challenger ${what}`,
  };
}

/** The best that the difference can be with the confidence of the terms is held against the margin. */
function segmentVerdict(
  common: Common,
  { segment, value: name, rows, difference, shareBehind }: SegmentComparison,
  { terms }: HorizonComparison,
): GateVerdict {
  const { value, upper, reason } = difference;
  const limit = 0 - terms.segmentMargin;
  return {
    ...common,
    gate: 'segment',
    segment: { name: segment, value: name },
    value: upper,
    limit,
    compare: 'at_least',
    passed: upper === null || upper >= limit,
    reason:
      upper === null || value === null
        ? `not judged: ${reason ?? 'there is no interval'}`
        : `with ${percent(terms.confidence)} confidence no better than this; difference ${signed(value)} on ${groupDigits(rows)} rows, behind by more than the margin in ${percent(shareBehind ?? 0)} of the resamples`,
  };
}

function wholeText(
  { whole: { challenger, champion } }: HorizonComparison,
  { rowsLeftOut }: HorizonEvidence,
): string {
  const left =
    rowsLeftOut === null
      ? '; nobody can tell any more which of the rows they were trained on'
      : rowsLeftOut > 0
        ? `; ${groupDigits(rowsLeftOut)} rows left out that one of them was trained on`
        : '';
  return `challenger ${figure(challenger)}, champion ${figure(champion)}${left}`;
}

const figure = (value: number | null): string => (value === null ? 'without a value' : value.toFixed(4));

const signed = (value: number): string => `${value > 0 ? '+' : ''}${value.toFixed(4)}`;

const percent = (share: number): string => `${String(Number((100 * share).toFixed(1)))} %`;
