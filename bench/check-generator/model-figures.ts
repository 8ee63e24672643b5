/** Bars of the plain models. */
import type { Figure } from './figure.ts';
import type { ModelEvaluation } from './models.ts';
import { PUBLISHED_MODELS } from './published-facts.ts';

/** A plain model by the published protocol, beside the same by own rules. */
export function publishedModelFigures(published: ModelEvaluation, own: ModelEvaluation): Figure[] {
  const { validation, test } = PUBLISHED_MODELS;
  const group = 'Models';
  return [
    {
      group,
      name: '30 days, test: AUC-ROC',
      published: test.areaUnderRoc,
      measured: published.test.areaUnderRoc,
      ownRules: own.test.areaUnderRoc,
      bar: { kind: 'between', least: 0.9, most: 0.92 },
      unit: 'number',
    },
    {
      group,
      name: '30 days, test: AUC-PR',
      published: test.averagePrecision,
      measured: published.test.averagePrecision,
      ownRules: own.test.averagePrecision,
      bar: { kind: 'between', least: 0.27, most: 0.33 },
      unit: 'number',
    },
    {
      group,
      name: '30 days, test: lift in the top decile',
      published: test.liftAtTenth,
      measured: published.test.liftAtShare,
      ownRules: own.test.liftAtShare,
      bar: { kind: 'between', least: 6.6, most: 7.6 },
      unit: 'number',
    },
    {
      group,
      name: '30 days, test: base rate',
      published: 0.0343,
      measured: published.test.baseRate,
      ownRules: own.test.baseRate,
      unit: 'share',
    },
    {
      group,
      name: '30 days, validation: AUC-ROC',
      published: validation.areaUnderRoc,
      measured: published.validation.areaUnderRoc,
      ownRules: own.validation.areaUnderRoc,
      unit: 'number',
    },
    {
      group,
      name: '30 days, validation: AUC-PR',
      published: validation.averagePrecision,
      measured: published.validation.averagePrecision,
      ownRules: own.validation.averagePrecision,
      unit: 'number',
    },
  ];
}

/** AUC-ROC of the three horizons on the full range, by own rules: the longer ones must rank worse. */
export function horizonFigures(horizons: readonly ModelEvaluation[]): Figure[] {
  const [shortest] = horizons;
  return horizons.map(({ horizon, test }, index) => ({
    group: 'Models',
    name: `full range, ${String(horizon)} days, test: AUC-ROC`,
    published: null,
    measured: test.areaUnderRoc,
    ownRules: test.areaUnderRoc,
    ...(index === 0
      ? {}
      : { bar: { kind: 'between', least: 0, most: (shortest?.test.areaUnderRoc ?? 0) - 1e-9 } as const }),
    unit: 'number',
  }));
}
