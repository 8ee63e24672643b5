/** Whether a horizon's model can be trusted, in words. */
import type { Performance } from '../../../../src/desk/contract.ts';
import { count, decimal, percent, percentInDetail } from '../../ui/format.ts';
import { counted } from '../../ui/words.ts';

export type Horizon = Performance['horizons'][number];
export type Figure = Horizon['metrics'][number];

export interface Verdict {
  readonly isGood: boolean | null;
  readonly text: string;
}

/** So far the mean prediction may be from what happened, as a part of it. */
const FAR = 0.1;

export const metricOf = (horizon: Horizon, name: string): Figure | undefined =>
  horizon.metrics.find((metric) => metric.name === name);

/** A space and nothing, at neither of which a line is broken. */
const NARROW = '\u00a0';
const JOINER = '\u2060';

/** `0.780 (0.760–0.800)`, which stays on one line. */
export const withInterval = (figure: Figure | null | undefined): string =>
  figure?.low === null || figure?.high === null || figure === null || figure === undefined
    ? decimal(figure?.value)
    : `${decimal(figure.value)}${NARROW}(${decimal(figure.low)}${JOINER}–${JOINER}${decimal(figure.high)})`;

/** Whether the order of the list means something. */
export function rankingVerdict(horizon: Horizon, entity: string): Verdict {
  const auc = metricOf(horizon, 'auc_roc');
  if (auc?.value === undefined || auc.value === null)
    return { isGood: null, text: 'How well it ranks is not known.' };
  const interval =
    auc.low === null || auc.high === null ? '' : ` (${percent(auc.low)} to ${percent(auc.high)})`;
  const unbeaten = horizon.baselines.filter(({ difference }) => (difference?.low ?? 1) <= 0);
  const isBetterThanChance = (auc.low ?? auc.value) > 0.5;
  const rules =
    horizon.baselines.length === 0
      ? ''
      : unbeaten.length === 0
        ? ', better than every simple rule it was compared with'
        : `, but not clearly better than ${unbeaten.map(({ name }) => name).join(', ')}`;
  return {
    isGood: isBetterThanChance && unbeaten.length === 0,
    text: `A ${entity} who leaves is ranked above one who stays in ${percent(auc.value)} of pairs${interval}${rules}.`,
  };
}

/** Whether a probability can be taken at its word. */
export function calibrationVerdict({ deciles }: Horizon): Verdict {
  const rows = deciles.reduce((sum, decile) => sum + decile.rows, 0);
  if (rows === 0)
    return { isGood: null, text: 'Whether its probabilities hold is not known before an evaluation.' };
  const predicted = deciles.reduce((sum, decile) => sum + decile.rows * (decile.predicted ?? 0), 0) / rows;
  const actual = deciles.reduce((sum, decile) => sum + decile.positives, 0) / rows;
  const isGood = Math.abs(predicted - actual) <= FAR * actual;
  const verdict = isGood
    ? 'Its probabilities hold on average'
    : predicted > actual
      ? 'Its probabilities are too high'
      : 'Its probabilities are too low';
  return {
    isGood,
    text: `${verdict}: ${percentInDetail(predicted)} predicted, ${percentInDetail(actual)} left.`,
  };
}

/** What the figures are from. */
export const evidenceText = ({ split, rows, positives }: Horizon): string =>
  rows === 0
    ? 'No outcome is known yet that it could be measured on.'
    : `Measured on ${counted(rows, 'row')} ${split === 'test' ? 'of the test period, which the model never saw' : 'of the validation period, since no outcome of the test period is known yet'}; in ${count(positives)} of them somebody left.`;
