/**
 * The metrics of a binary prediction, as a list that evaluation, reports and reference pages go
 * through. A metric that has no meaning on a sample gives the reason instead of a value.
 */
import { assertCount, assertPart } from './options.ts';
import { CAMPAIGN_TERMS, type CampaignTerms } from './profit.ts';

/** What a metric is. */
export interface Metric {
  /** As in JSON, such as `auc_pr`. */
  readonly name: string;
  /** As at the head of a column. */
  readonly title: string;
  /** Which values are good. */
  readonly best: 'highest' | 'lowest' | 'zero' | 'one';
  /** Raw scores where only the order of rows counts, else calibrated probabilities. */
  readonly reads: 'score' | 'probability';
  /** What it says, in one sentence. */
  readonly description: string;
  /** What must be there: a row, a positive, or rows of both classes. */
  readonly needs: 'rows' | 'positives' | 'both classes';
  /** Whether noise alone raises it, as it does any distance that is never below 0. */
  readonly inflated?: true;
}

/** What the metrics depend on. */
export interface MetricOptions {
  /** Parts of the rows, from the highest score down; default 1, 3, 5, 10 and 20 %. */
  readonly shares?: readonly number[];
  /** Recall at which precision is read; default 0.7. */
  readonly recall?: number;
  /** Rows of at least this probability are predicted positive; without it there is no F1. */
  readonly threshold?: number;
  /** Bins of the calibration error; default 20. */
  readonly bins?: number;
  /** Default: the terms of the paper that EMPC comes from. */
  readonly campaign?: CampaignTerms;
}

export type MetricSettings = Required<Omit<MetricOptions, 'threshold'>> & Pick<MetricOptions, 'threshold'>;

/** Options with their defaults. Throws HF103 for those without meaning. */
export function metricSettings(options: MetricOptions = {}): MetricSettings {
  const { shares = [0.01, 0.03, 0.05, 0.1, 0.2], recall = 0.7, bins = 20, threshold } = options;
  for (const share of shares) assertPart(share, 'share');
  assertPart(recall, 'recall');
  assertCount(bins, 'bins', 1);
  if (threshold !== undefined) assertPart(threshold, 'threshold');
  return { ...options, shares, recall, bins, campaign: options.campaign ?? CAMPAIGN_TERMS };
}

/** All metrics, the primary one first. */
export function metricList(options: MetricOptions = {}): readonly Metric[] {
  const { shares, recall, bins } = metricSettings(options);
  return [
    {
      name: 'auc_pr',
      title: 'AUC-PR',
      best: 'highest',
      reads: 'score',
      needs: 'both classes',
      description:
        'Average precision: the precision at each positive, from the highest score down, averaged; a score without information has the base rate.',
    },
    {
      name: 'auc_roc',
      title: 'AUC-ROC',
      best: 'highest',
      reads: 'score',
      needs: 'both classes',
      description: 'Probability that a positive has a higher score than a negative, a tie counting one half.',
    },
    ...shares.flatMap(topMetrics),
    {
      name: recallName(recall),
      title: `precision at recall ${percent(recall)} %`,
      best: 'highest',
      reads: 'score',
      needs: 'both classes',
      description: `Highest precision of any score threshold that finds at least ${percent(recall)} % of the positives.`,
    },
    {
      name: 'ks',
      title: 'KS',
      best: 'highest',
      reads: 'score',
      needs: 'both classes',
      inflated: true,
      description: "Largest distance between the two classes' distributions of the score.",
    },
    {
      name: 'empc',
      title: 'EMPC',
      best: 'highest',
      reads: 'score',
      needs: 'both classes',
      description:
        'Expected maximum profit of a retention campaign, in money a customer (Verbraken, Verbeke and Baesens 2013).',
    },
    {
      name: 'f1',
      title: 'F1',
      best: 'highest',
      reads: 'probability',
      needs: 'positives',
      description: 'Harmonic mean of precision and recall of the predictions at the decision threshold.',
    },
    {
      name: 'brier',
      title: 'Brier',
      best: 'lowest',
      reads: 'probability',
      needs: 'rows',
      description: 'Mean squared difference of probability and outcome.',
    },
    {
      name: 'brier_skill',
      title: 'Brier skill',
      best: 'highest',
      reads: 'probability',
      needs: 'both classes',
      description: 'Part of the Brier score of the base rate that the probabilities do away with.',
    },
    {
      name: 'log_loss',
      title: 'log loss',
      best: 'lowest',
      reads: 'probability',
      needs: 'rows',
      description: 'Mean negative logarithm of the probability that was given to what happened.',
    },
    {
      name: 'calibration_slope',
      title: 'calibration slope',
      best: 'one',
      reads: 'probability',
      needs: 'both classes',
      description:
        'Slope of a logistic regression of the outcome on the log-odds of the probability; below 1 the probabilities are too extreme.',
    },
    {
      name: 'calibration_intercept',
      title: 'calibration intercept',
      best: 'zero',
      reads: 'probability',
      needs: 'both classes',
      description: 'Intercept of the same regression.',
    },
    {
      name: 'calibration_in_the_large',
      title: 'calibration in the large',
      best: 'zero',
      reads: 'probability',
      needs: 'both classes',
      description:
        'Log-odds by which the probabilities are too low on the whole: the intercept with the slope held at 1.',
    },
    {
      name: 'calibration_error',
      title: 'calibration error',
      best: 'lowest',
      reads: 'probability',
      needs: 'rows',
      inflated: true,
      description: `Mean distance of probability and share of positives over ${bins} bins of equally many rows; chance alone makes it positive.`,
    },
  ];
}

/** Precision, captured share and lift of the highest scores. */
function topMetrics(share: number): readonly Metric[] {
  const part = `top ${percent(share)} %`;
  const shared = { best: 'highest', reads: 'score', needs: 'both classes' } as const;
  return [
    {
      ...shared,
      name: topName('precision', share),
      title: `precision ${part}`,
      description: `Share of positives among the ${part} of the rows by score.`,
    },
    {
      ...shared,
      name: topName('recall', share),
      title: `recall ${part}`,
      description: `Captured share: part of all positives that the ${part} of the rows by score hold.`,
    },
    {
      ...shared,
      name: topName('lift', share),
      title: `lift ${part}`,
      description: `Share of positives among the ${part} of the rows by score, over the base rate.`,
    },
  ];
}

const percent = (share: number): number => Number((100 * share).toPrecision(12));

const nameOfPercent = (share: number): string => String(percent(share)).replace('.', '_');

/** Such as `lift_at_top_10pct`. */
export const topName = (what: 'precision' | 'recall' | 'lift', share: number): string =>
  `${what}_at_top_${nameOfPercent(share)}pct`;

/** Such as `precision_at_recall_70`. */
export const recallName = (recall: number): string => `precision_at_recall_${nameOfPercent(recall)}`;
