import { isLogisticText, openLogisticRegression } from './logistic-regression/index.ts';
import { type LearnerOptions, withLibrary } from './open-learner.ts';
import { type Explainer, openLibraryExplainer, openTreeExplainer } from './tree-shap/index.ts';
import { isXgboostText, openXgboost } from './xgboost/index.ts';

/**
 * Opens an explainer for the model text of any learner; the text itself says whose it is. The caller disposes
 * it.
 *
 * - LightGBM and random forests: exact path-dependent Shapley values by a kernel of our own, in double.
 * - XGBoost: its own path-dependent Shapley values (`pred_contribs`), in float32.
 * - Logistic regression: coefficient times distance from the training mean, summed a feature, in double.
 *
 * `options.threads` is the number of threads for `contributions`, by default what the machine has; the results
 * do not depend on it.
 *
 * @throws HF503 when the text is not a usable model; HF501 when a library is needed and missing.
 */
export function openExplainer(modelText: string, options: LearnerOptions = {}): Promise<Explainer> {
  if (isLogisticText(modelText))
    return openLibraryExplainer(modelText, () => openLogisticRegression(), 'double');
  if (isXgboostText(modelText)) {
    const own = withLibrary(options, options.libraries?.xgboost);
    return openLibraryExplainer(modelText, () => openXgboost(own), 'single');
  }
  return openTreeExplainer(modelText, withLibrary(options, options.libraries?.lightgbm));
}
