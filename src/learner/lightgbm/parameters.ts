/** From a training task's parameters to the text LightGBM takes. */
import { HoldfastError } from '../../kernel/index.ts';
import type { ParameterValue, TrainingTask } from '../learner.ts';
import { type ParameterRules, refusal, settleParameters, wholeNumber } from '../parameters.ts';

/**
 * Canonical names of parameters that a task's own fields or reproducibility decide; whatever a pack
 * says about them (documents list `n_estimators` among the settings) is left to those fields.
 */
const OWNED = new Set([
  'num_iterations',
  'early_stopping_round',
  'seed',
  'num_threads',
  'verbosity',
  'categorical_feature',
  'num_class',
  'deterministic',
  'force_row_wise',
  'force_col_wise',
]);

/** Decided for every kind of model; those of a forest are in `random-forest/parameters.ts`. */
export type LightGbmRules = Pick<ParameterRules, 'restricted' | 'defaults'>;

/**
 * Parameters that may only have these values. A model is a plain sum of trees whose raw score is
 * log-odds (calibration and SHAP rest on that), and equal data must give equal bytes: quantised
 * gradients depend on the number of threads, other devices on the device, files on what is in them.
 */
export const RESTRICTED: ReadonlyMap<string, readonly string[]> = new Map([
  ['objective', ['binary', 'cross_entropy', 'xentropy']],
  ['boosting', ['gbdt', 'gbrt', 'goss']],
  ['linear_tree', ['false', '0']],
  ['use_quantized_grad', ['false', '0']],
  ['device_type', ['cpu']],
  ['tree_learner', ['serial']],
  ['forcedsplits_filename', []],
  ['forcedbins_filename', []],
]);

/** Boosting: stops by the metric that churn models are judged by first, in steps small enough for it. */
export const BOOSTING: LightGbmRules = {
  restricted: RESTRICTED,
  defaults: { metric: 'average_precision', learning_rate: 0.05 },
};

/** What the library is told, and what is kept of it. */
export interface SettledText {
  /** Parameters as LightGBM takes them: `name=value` with spaces between. */
  readonly text: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

/**
 * The parameter text of a task. Names may be LightGBM's aliases (`subsample`, `colsample_bytree`,
 * `min_child_samples`). They pass as given: note that LightGBM ignores `subsample` unless
 * `subsample_freq` is positive.
 *
 * @param knownNames canonical name by name or alias, as the library lists them.
 * @throws HF103 for a name LightGBM does not know, a parameter given twice or a value out of bounds.
 */
export function parameterText(
  task: Pick<TrainingTask, 'parameters' | 'categorical' | 'rounds' | 'seed'>,
  knownNames: ReadonlyMap<string, string>,
  threads: number,
  rules: LightGbmRules = BOOSTING,
): SettledText {
  const { settings, parameters } = settleParameters(task.parameters, {
    library: 'LightGBM',
    known: knownNames,
    owned: OWNED,
    ...rules,
  });
  if (!settings.has('objective')) settings.set('objective', 'binary');
  settings.set('num_iterations', String(wholeNumber('rounds', task.rounds, 1)));
  settings.set('seed', String(wholeNumber('seed', task.seed, 0)));
  settings.set('num_threads', String(threads));
  settings.set('categorical_feature', task.categorical.join(','));
  settings.set('deterministic', 'true');
  settings.set('force_row_wise', 'true');
  settings.set('verbosity', '-1');
  const text = [...settings]
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
  return { text, parameters };
}

/**
 * Turns the library's complaint about a parameter's value into a refusal of that parameter (HF103);
 * any other error comes back as it is.
 */
export function explainRefusedValue(error: unknown): unknown {
  if (!(error instanceof HoldfastError) || error.code !== 'HF502') return error;
  const bound = /Check failed: \((\w+)\) (\S+) \(([^)]*)\) at \S*config/.exec(error.message);
  if (bound !== null) {
    const [, name = '', comparison = '', limit = ''] = bound;
    return refusal(name, `LightGBM refuses the value of '${name}'`, `give a value ${comparison} ${limit}`);
  }
  const type = /Parameter (\w+) should be of type (\w+)/.exec(error.message);
  if (type === null) return error;
  const [, name = '', expected = ''] = type;
  return refusal(name, `LightGBM refuses the value of '${name}'`, `give a value of type ${expected}`);
}

/** Whether more is better in a metric, by its name in the library's own list. */
export function isHigherBetter(metric: string): boolean {
  return ['auc', 'average_precision', 'map@', 'ndcg@'].some((name) => metric.startsWith(name));
}
