/** From a training task's parameters to those that XGBoost is told. */
import { HoldfastError } from '../../kernel/index.ts';
import type { ParameterValue, TrainingTask } from '../learner.ts';
import { type ParameterRules, refusal, settleParameters, wholeNumber } from '../parameters.ts';

/** Parameters of trees, with their aliases. The library itself only warns of names that it does not know. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  objective: [],
  booster: [],
  tree_method: [],
  eval_metric: [],
  learning_rate: ['eta'],
  max_depth: [],
  max_leaves: [],
  max_bin: [],
  grow_policy: [],
  min_child_weight: [],
  min_split_loss: ['gamma'],
  max_delta_step: [],
  reg_lambda: ['lambda'],
  reg_alpha: ['alpha'],
  subsample: [],
  sampling_method: [],
  colsample_bytree: [],
  colsample_bylevel: [],
  colsample_bynode: [],
  scale_pos_weight: [],
  base_score: [],
  monotone_constraints: [],
  interaction_constraints: [],
  max_cat_to_onehot: [],
  max_cat_threshold: [],
  num_parallel_tree: [],
  process_type: [],
  device: [],
  n_estimators: ['num_boost_round', 'num_round'],
  early_stopping_rounds: [],
  seed: ['random_state'],
  seed_per_iteration: [],
  nthread: ['n_jobs'],
  verbosity: [],
  validate_parameters: [],
  disable_default_eval_metric: [],
  enable_categorical: [],
};

const RULES: ParameterRules = {
  library: 'XGBoost',
  known: new Map(
    Object.entries(KNOWN).flatMap(([name, others]) =>
      [name, ...others].map((alias): [string, string] => [alias, name]),
    ),
  ),
  owned: new Set([
    'n_estimators',
    'early_stopping_rounds',
    'seed',
    'nthread',
    'verbosity',
    'validate_parameters',
    'disable_default_eval_metric',
    'enable_categorical',
  ]),
  // A model is a plain sum of trees whose raw score is log-odds, and equal data must give equal bytes.
  restricted: new Map([
    ['objective', ['binary:logistic']],
    ['booster', ['gbtree']],
    ['tree_method', ['hist']],
    ['sampling_method', ['uniform']],
    ['num_parallel_tree', ['1']],
    ['process_type', ['default']],
    ['device', ['cpu']],
    ['seed_per_iteration', ['false', '0']],
  ]),
  defaults: { eval_metric: 'aucpr', learning_rate: 0.05, max_depth: 5, min_child_weight: 5 },
};

/** What the library is told, in order, and what is kept of it. */
export interface SettledList {
  readonly list: readonly (readonly [string, string])[];
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

/**
 * The parameters of a task, by XGBoost's names or their aliases (`eta`, `lambda`). `eval_metric` may name
 * several with commas between; the first decides when training stops.
 *
 * @throws HF103 for a name XGBoost does not know, a parameter given twice or a value that is not possible.
 */
export function parameterList(
  task: Pick<TrainingTask, 'parameters' | 'rounds' | 'seed'>,
  threads: number,
): SettledList {
  const { settings, parameters } = settleParameters(task.parameters, RULES);
  wholeNumber('rounds', task.rounds, 1);
  const metrics = (settings.get('eval_metric') ?? '').split(',').filter((name) => name !== '');
  settings.delete('eval_metric');
  settings.set('objective', 'binary:logistic');
  settings.set('booster', 'gbtree');
  settings.set('tree_method', 'hist');
  settings.set('seed', String(wholeNumber('seed', task.seed, 0)));
  settings.set('nthread', String(threads));
  settings.set('disable_default_eval_metric', '1');
  const list = [...settings]
    .filter(([, value]) => value !== '')
    .concat(metrics.map((metric): [string, string] => ['eval_metric', metric]));
  return { list, parameters };
}

/**
 * Turns the library's complaint about a parameter's value into a refusal of that parameter (HF103); any
 * other error comes back as it is.
 */
export function explainRefusedValue(error: unknown): unknown {
  if (!(error instanceof HoldfastError) || error.code !== 'HF502') return error;
  const metric = /Unknown metric function (\S+)/.exec(error.message)?.[1];
  if (metric !== undefined)
    return refusal('eval_metric', `XGBoost has no metric '${metric}'`, 'use one of its list, such as aucpr');
  const format = /Invalid Parameter format for (\w+) expect (\w*) ?but value=/.exec(error.message);
  if (format !== null) {
    const [, name = '', type = ''] = format;
    return refused(name, type === '' ? 'write it as its documentation does' : `give a value of type ${type}`);
  }
  const bound = /value \S+ for Parameter (\w+) (.*)$/.exec(error.message);
  if (bound !== null) return refused(bound[1] ?? '', `what it was given ${bound[2] ?? ''}`);
  const choice = /Invalid Input: '([^']*)', valid values are: \{([^}]*)\}/.exec(error.message);
  if (choice === null) return error;
  const [, value = '', allowed = ''] = choice;
  return refusal('', `XGBoost refuses the value '${value}'`, `use one of: ${allowed.replaceAll("'", '')}`);
}

const refused = (name: string, hint: string): HoldfastError =>
  refusal(name, `XGBoost refuses the value of '${name}'`, hint);

/** Whether more is better in a metric, by its name with or without what follows `@`. */
export function isHigherBetter(metric: string): boolean {
  return ['auc', 'aucpr', 'pre', 'ndcg', 'map'].includes(metric.split('@')[0] ?? '');
}
