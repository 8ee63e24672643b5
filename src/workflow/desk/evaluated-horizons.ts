/** What an evaluation says of each horizon, or what training kept of it where nobody evaluated the set. */
import { metricList } from '../../domain/index.ts';
import type { Performance } from '../../desk/index.ts';
import type { SplitMetrics } from '../../model/index.ts';
import type { Pack } from '../../pack/index.ts';
import type { HorizonEvaluation } from '../evaluate-step.ts';
import type { ModelFacts } from './page-parts.ts';

type Horizon = Performance['horizons'][number];
type ShownFigure = Horizon['metrics'][number];
type Measured = Extract<SplitMetrics, { rows: number }>;
type Interval = Measured['metrics'][string];

/** Points that a picture of a curve can show. */
const POINTS_AT_MOST = 60;

/** Digits of a share that anybody can see; the files of the evaluation have them all. */
const SHOWN_DIGITS = 5;

function shown(share: number): number;
function shown(share: number | null): number | null;
function shown(share: number | null): number | null {
  return share === null ? null : Number(share.toPrecision(SHOWN_DIGITS));
}

/** With everything that a written evaluation holds. */
export function evaluatedHorizon({ features }: Pack, evaluation: HorizonEvaluation): Horizon {
  const { days, model, version, detail } = evaluation;
  const measured = measuredOn(evaluation, detail.split);
  const { rows = 0, positives = 0 } = measured ?? {};
  return {
    ...summaryOf({ days, model, version }, detail.split, measured),
    deciles: detail.deciles.map(({ meanProbability, rate, ...counts }) => ({
      decile: counts.decile,
      rows: counts.rows,
      positives: counts.positives,
      predicted: meanProbability,
      actual: rate,
    })),
    calibration: detail.calibration.map((bin) => ({
      rows: bin.rows,
      predicted: shown(bin.meanProbability),
      actual: shown(bin.rate),
    })),
    curve: thinned(detail.curve).map(({ share, precision, recall, falsePositiveRate }) => {
      const found = Math.round(recall * positives);
      return {
        share: shown(share),
        contacted: Math.round(share * rows),
        found,
        missed: positives - found,
        precision: shown(precision),
        recall: shown(recall),
        false_positive_rate: shown(falsePositiveRate),
      };
    }),
    segments: detail.segments.map(({ segment, parts }) => ({
      segment,
      label: features[segment]?.label ?? segment,
      parts: parts.map((part) => {
        const own = 'rows' in part.metrics ? part.metrics : undefined;
        return {
          value: part.value,
          rows: part.rows,
          positives: part.positives,
          base_rate: part.rows === 0 ? null : shown(part.positives / part.rows),
          auc_roc: figureIn(own, 'auc_roc'),
          auc_pr: figureIn(own, 'auc_pr'),
          missing: 'reason' in part.metrics ? part.metrics.reason : null,
        };
      }),
    })),
    baselines: detail.baselines.map(({ name, description, metrics, modelMinusBaseline }) => ({
      name,
      description,
      auc_pr: figureIn('rows' in metrics ? metrics : undefined, 'auc_pr') ?? NO_FIGURE,
      difference: modelMinusBaseline === null ? null : figureOf('auc_pr', modelMinusBaseline.auc_pr),
    })),
  };
}

/** What was measured when the model was trained: figures, and nothing that a picture could be made of. */
export function trainedHorizon({ horizonDays, name, version, metrics }: ModelFacts): Horizon {
  const split = 'rows' in metrics.test ? 'test' : 'validation';
  return {
    ...summaryOf({ days: horizonDays, model: name, version }, split, measuredOn(metrics, split)),
    deciles: [],
    calibration: [],
    curve: [],
    segments: [],
    baselines: [],
  };
}

type Split = Horizon['split'];

function measuredOn(metrics: Readonly<Record<Split, SplitMetrics>>, split: Split): Measured | undefined {
  const own = metrics[split];
  return 'rows' in own ? own : undefined;
}

const summaryOf = (
  model: Pick<Horizon, 'days' | 'model' | 'version'>,
  split: Split,
  measured: Measured | undefined,
): Pick<
  Horizon,
  'days' | 'model' | 'version' | 'split' | 'rows' | 'positives' | 'base_rate' | 'metrics'
> => ({
  ...model,
  split,
  rows: measured?.rows ?? 0,
  positives: measured?.positives ?? 0,
  base_rate: measured?.baseRate ?? null,
  metrics: Object.entries(measured?.metrics ?? {}).map(([name, interval]) => figureOf(name, interval)),
});

const TITLES: ReadonlyMap<string, string> = new Map(metricList().map(({ name, title }) => [name, title]));

const figureOf = (name: string, { value, lower, upper }: Interval): ShownFigure => ({
  name,
  label: TITLES.get(name) ?? name,
  value,
  low: lower,
  high: upper,
});

const NO_FIGURE = figureOf('auc_pr', { value: null, lower: null, upper: null });

function figureIn(measured: Measured | undefined, name: string): ShownFigure | null {
  const interval = measured?.metrics[name];
  if (interval === undefined) return null;
  const { value, lower, upper } = interval;
  return figureOf(name, { value: shown(value), lower: shown(lower), upper: shown(upper) });
}

/** Evenly spaced points with both ends. */
function thinned<T>(points: readonly T[]): readonly T[] {
  if (points.length <= POINTS_AT_MOST) return points;
  const step = (points.length - 1) / (POINTS_AT_MOST - 1);
  return Array.from({ length: POINTS_AT_MOST }, (_, place) => points[Math.round(place * step)] as T);
}
