/**
 * XGBoost's model as JSON: read strictly. The native library trusts what it loads, so every text is checked
 * here first. The library writes equal models as equal bytes: its keys are sorted, nothing of the machine or
 * the number of threads is in them.
 */
import { HoldfastError } from '../../kernel/index.ts';
import { numbersAt, objectAt, oneOf, requireUniqueKeys, textsAt } from '../json-text.ts';
import { CATEGORIES_ATTRIBUTE, type CategoryCodes, knownCategories } from './categories.ts';
import { readTree, type XgboostTree } from './tree-json.ts';

/** A model as its text describes it: a sum of trees and a constant. */
export interface XgboostModel {
  readonly features: number;
  readonly featureNames: readonly string[];
  /** Indexes of categorical columns. */
  readonly categorical: readonly number[];
  /** Codes that training has seen, by categorical column. */
  readonly known: ReadonlyMap<number, CategoryCodes>;
  readonly trees: readonly XgboostTree[];
}

const FEATURES_MOST = 10_000_000;
const FEATURE_TYPES = ['float', 'int', 'q', 'i', 'c'];

/** Whether a text is meant to be such a model: a JSON object that starts with the learner. */
export const isXgboostText = (text: string): boolean => /^\{\s*"learner"/.test(text);

/**
 * Reads and checks a model text.
 *
 * @throws HF503 when the text is not a complete, consistent model of one class.
 */
export function parseModelText(text: string): XgboostModel {
  try {
    const value: unknown = JSON.parse(text);
    // Of a key that comes twice, the library may take the other value than the one that is checked here.
    requireUniqueKeys(text, value);
    return readModel(value);
  } catch (error) {
    if (error instanceof SyntaxError) throw damaged('it is not complete JSON');
    throw error instanceof RangeError ? damaged(error.message) : error;
  }
}

function readModel(value: unknown): XgboostModel {
  const root = objectAt(value, 'model');
  const learner = objectAt(root['learner'], 'learner');
  const version = numbersAt(root['version'], 'version', Number.isInteger, 3);
  if (version[0] !== 3) throw new RangeError(`its version is ${version.join('.')}, expected 3`);
  const parameters = objectAt(learner['learner_model_param'], 'learner_model_param');
  oneOf(parameters['num_class'], 'num_class', ['0']);
  oneOf(parameters['num_target'], 'num_target', ['1']);
  const featuresText = parameters['num_feature'];
  const features =
    typeof featuresText === 'string' && /^\d{1,8}$/.test(featuresText) ? Number(featuresText) : 0;
  if (features < 1 || features > FEATURES_MOST)
    throw new RangeError(`its 'num_feature' is ${JSON.stringify(featuresText)}`);
  if (!/^\[?\d+(?:\.\d+)?(?:E[+-]?\d+)?\]?$/.test(String(parameters['base_score'])))
    throw new RangeError("its 'base_score' is not a number");
  oneOf(objectAt(learner['objective'], 'objective')['name'], 'objective', ['binary:logistic']);
  const booster = objectAt(learner['gradient_booster'], 'gradient_booster');
  oneOf(booster['name'], 'booster', ['gbtree']);
  const model = objectAt(booster['model'], 'booster model');
  const encoding = objectAt(model['cats'], 'cats')['enc'];
  if (!Array.isArray(encoding) || encoding.length > 0)
    throw new RangeError('its categories are texts, expected codes');
  const trees = readTrees(model, features);
  // Models of matrices without names have none.
  const featureNames = optional(learner['feature_names'], 'feature_names', features);
  const types = optional(learner['feature_types'], 'feature_types', features);
  types.forEach((type) => oneOf(type, 'feature type', FEATURE_TYPES));
  const categorical = types.flatMap((type, column) => (type === 'c' ? [column] : []));
  const attribute = objectAt(learner['attributes'], 'attributes')[CATEGORIES_ATTRIBUTE];
  const known = knownCategories(
    categorical,
    attribute === undefined ? undefined : textsAt([attribute], CATEGORIES_ATTRIBUTE, 1)[0],
  );
  return { features, featureNames, categorical, known, trees };
}

function readTrees(model: Readonly<Record<string, unknown>>, features: number): XgboostTree[] {
  const values = model['trees'];
  if (!Array.isArray(values) || values.length === 0) throw new RangeError('it has no trees');
  const parameters = objectAt(model['gbtree_model_param'], 'gbtree_model_param');
  oneOf(parameters['num_trees'], 'num_trees', [String(values.length)]);
  oneOf(parameters['num_parallel_tree'], 'num_parallel_tree', ['1']);
  numbersAt(model['tree_info'], 'tree_info', (group) => group === 0, values.length);
  const rounds = numbersAt(model['iteration_indptr'], 'iteration_indptr', Number.isInteger);
  const ascends = rounds.every((start, index) => start > (rounds[index - 1] ?? -1));
  if (!ascends || rounds[0] !== 0 || rounds.at(-1) !== values.length)
    throw new RangeError("its 'iteration_indptr' does not divide the trees into rounds");
  return values.map((tree: unknown, index) => {
    try {
      return readTree(tree, features);
    } catch (error) {
      throw error instanceof RangeError ? new RangeError(`tree ${index}: ${error.message}`) : error;
    }
  });
}

const optional = (value: unknown, place: string, length: number): readonly string[] =>
  Array.isArray(value) && value.length === 0 ? [] : textsAt(value, place, length);

/** Split gain of each feature, summed over the trees. */
export function gainOf({ features, trees }: XgboostModel): number[] {
  const gain = new Array<number>(features).fill(0);
  for (const tree of trees)
    tree.leftChild.forEach((child, node) => {
      const feature = tree.splitFeature[node] ?? 0;
      if (child !== -1) gain[feature] = (gain[feature] ?? 0) + (tree.gain[node] ?? 0);
    });
  return gain;
}

function damaged(what: string): HoldfastError {
  return new HoldfastError('HF503', {
    message: `the text is not a usable XGBoost model: ${what}`,
    hint: 'restore the model folder from a copy, or train again',
  });
}
