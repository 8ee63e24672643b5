/** From a training task's parameters to the text LightGBM takes. */
import { HoldfastError, nearestWord } from '../../kernel/index.ts';
import type { TrainingTask } from '../learner.ts';

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

/**
 * Parameters that may only have these values. A model is a plain sum of trees whose raw score is
 * log-odds (calibration and SHAP rest on that), and equal data must give equal bytes: quantised
 * gradients depend on the number of threads, other devices on the device, files on what is in them.
 */
const RESTRICTED: ReadonlyMap<string, readonly string[]> = new Map([
  ['objective', ['binary', 'cross_entropy', 'xentropy']],
  ['boosting', ['gbdt', 'gbrt', 'goss']],
  ['linear_tree', ['false', '0']],
  ['use_quantized_grad', ['false', '0']],
  ['device_type', ['cpu']],
  ['tree_learner', ['serial']],
  ['forcedsplits_filename', []],
  ['forcedbins_filename', []],
]);

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
): string {
  const settings = new Map<string, string>([['objective', 'binary']]);
  const spelling = new Map<string, string>();
  for (const [name, value] of Object.entries(task.parameters)) {
    const canonical = canonicalName(name, knownNames);
    const twin = spelling.get(canonical);
    if (twin !== undefined) throw refusal(name, `'${name}' and '${twin}' are the same parameter`, 'keep one');
    spelling.set(canonical, name);
    if (!OWNED.has(canonical)) settings.set(canonical, checkedValue(name, canonical, String(value)));
  }
  settings.set('num_iterations', String(wholeNumber('rounds', task.rounds, 1)));
  settings.set('seed', String(wholeNumber('seed', task.seed, 0)));
  settings.set('num_threads', String(threads));
  settings.set('categorical_feature', task.categorical.join(','));
  settings.set('deterministic', 'true');
  settings.set('force_row_wise', 'true');
  settings.set('verbosity', '-1');
  return [...settings]
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function canonicalName(name: string, knownNames: ReadonlyMap<string, string>): string {
  const canonical = knownNames.get(name);
  if (canonical !== undefined) return canonical;
  const near = nearestWord(name, [...knownNames.values()]) ?? nearestWord(name, [...knownNames.keys()]);
  throw refusal(
    name,
    `LightGBM has no parameter '${name}'`,
    near === undefined ? "use a name of LightGBM's parameter list" : `did you mean '${near}'?`,
  );
}

function checkedValue(name: string, canonical: string, value: string): string {
  if (!/^[^\s=#"']*$/.test(value)) {
    throw refusal(
      name,
      `parameter '${name}' has the value '${value}'`,
      'write it without spaces, quotes, # or =',
    );
  }
  const allowed = RESTRICTED.get(canonical);
  if (allowed !== undefined && value !== '' && !allowed.includes(value)) {
    throw refusal(
      name,
      `parameter '${name}' cannot be '${value}' here`,
      allowed.length === 0 ? 'leave it out' : `use one of: ${allowed.join(', ')}`,
    );
  }
  return value;
}

function wholeNumber(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least && value <= 2 ** 31 - 1) return value;
  throw refusal(name, `'${name}' cannot be ${value}`, `give a whole number of at least ${least}`);
}

function refusal(field: string, message: string, hint: string): HoldfastError {
  return new HoldfastError('HF103', { message, hint, place: { field } });
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
