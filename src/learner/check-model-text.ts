import { HoldfastError } from '../kernel/index.ts';
import { parseModelText as parseLightGbm } from './lightgbm/index.ts';
import { parseLogisticText } from './logistic-regression/index.ts';
import { parseModelText as parseXgboost } from './xgboost/index.ts';

const FEATURES_OF: Readonly<Record<string, ((modelText: string) => number) | undefined>> = {
  lightgbm: (text) => parseLightGbm(text).features,
  // A forest is a text of LightGBM like any other.
  random_forest: (text) => parseLightGbm(text).features,
  xgboost: (text) => parseXgboost(text).features,
  logistic_regression: (text) => parseLogisticText(text).columns,
};

/**
 * Checks a model text of the learner of that name as strictly as its worker does before the library sees it, and says
 * how many features it reads. It needs no library.
 *
 * @throws HF503 when the text is not a complete, consistent model, or there is no such learner.
 */
export function checkModelText(learner: string, modelText: string): { readonly features: number } {
  const featuresOf = Object.hasOwn(FEATURES_OF, learner) ? FEATURES_OF[learner] : undefined;
  if (featuresOf !== undefined) return { features: featuresOf(modelText) };
  throw new HoldfastError('HF503', {
    message: `the model is of the learner '${learner.slice(0, 40)}', which this version does not know`,
    hint: 'restore the model folder from a copy, or train again',
  });
}
