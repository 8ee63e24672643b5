/** The parameters of a logistic regression. */
import { HoldfastError } from '../../kernel/index.ts';
import type { ParameterValue, TrainingTask } from '../learner.ts';
import { type ParameterRules, refusal, settleParameters } from '../parameters.ts';

const RULES: ParameterRules = {
  library: 'the logistic regression',
  known: new Map(['l2', 'scale_pos_weight'].map((name) => [name, name])),
  owned: new Set(),
  restricted: new Map(),
  defaults: { l2: 1 },
};

/** Parameters of trees that say what a model may learn: leaving them out would change what was asked for. */
const CONSTRAINTS = ['monotone_constraints', 'interaction_constraints'];

export interface LogisticParameters {
  /** Half of it times the squared standardised coefficients is added to the loss. */
  readonly l2: number;
  /** Times the weight of positives. */
  readonly positiveWeight: number;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

/**
 * Reads `l2` (1 unless given) and `scale_pos_weight`.
 *
 * @throws HF103 for another name or a value that is no positive number; HF510 for constraints.
 */
export function logisticParameters(given: TrainingTask['parameters']): LogisticParameters {
  const constraint = CONSTRAINTS.find((name) => name in given);
  if (constraint !== undefined) {
    throw new HoldfastError('HF510', {
      message: `'${constraint}' does not apply to logistic_regression`,
      hint: 'leave it out, or choose lightgbm, xgboost or random_forest',
      place: { field: constraint },
    });
  }
  const { settings, parameters } = settleParameters(given, RULES);
  const number = (name: string, otherwise: number, least: number): number => {
    const text = settings.get(name);
    const value = text === undefined ? otherwise : Number(text);
    if (text !== '' && Number.isFinite(value) && value >= least) return value;
    throw refusal(name, `'${name}' cannot be '${text ?? ''}'`, `give a number of at least ${least}`);
  };
  return { l2: number('l2', 1, 0), positiveWeight: number('scale_pos_weight', 1, 0), parameters };
}
