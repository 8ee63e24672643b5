/**
 * The files by which MLflow takes a model folder: its description with a signature, an example of its input, what to
 * install, and the loader that gives Holdfast's own answer. They are made of the model alone, without a clock.
 */
import { readFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { canonicalJson, packageFile } from '../kernel/index.ts';
import type { ModelContent, SampleRow } from './content.ts';
import type { EncodedFeature } from './encoding.ts';
import { json } from './files.ts';

/** The loader lies with the sources, also for the compiled program. */
const LOADER = packageFile('src', 'model', 'python', 'holdfast_model.py');
const LOADER_MODULE = 'holdfast_model';
/** MLflow asks for a version and warns where another one runs; the loader itself needs none in particular. */
const PYTHON_VERSION = '3.11';
const EXAMPLE_ROWS = 5;
const EXAMPLE = 'input_example.json';
const SERVING_EXAMPLE = 'serving_input_example.json';

/** Name of the model text: MLflow and the libraries go by its ending. */
export function modelFile({ name }: ModelContent['learner']): string {
  return name === 'xgboost' || name === 'logistic_regression' ? 'model.json' : 'model.txt';
}

/** The files of a version's folder: its library's flavor gives the raw booster, `python_function` Holdfast's answer. */
export function versionFilesForMlflow(content: ModelContent): Promise<Record<string, string>> {
  return filesForMlflow({
    models: [content],
    flavors: boosterFlavor(content.learner),
    outputs: ['probability', 'raw_score', 'risk_score'],
  });
}

/** The files of a folder of several versions, shortest horizon first; `python_function` alone. */
export function setFilesForMlflow(models: readonly ModelContent[]): Promise<Record<string, string>> {
  return filesForMlflow({
    models,
    flavors: {},
    outputs: models.flatMap(({ horizonDays }) =>
      ['probability', 'raw_score', 'risk_score'].map((name) => `${name}_${String(horizonDays)}d`),
    ),
  });
}

interface Described {
  readonly models: readonly ModelContent[];
  readonly flavors: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Names of the columns that it answers with, all doubles. */
  readonly outputs: readonly string[];
}

async function filesForMlflow({ models, flavors, outputs }: Described): Promise<Record<string, string>> {
  const inputs = rawFeatures(models);
  const example = exampleRows(inputs, models[0]?.samples ?? []);
  const split = { columns: inputs.map(({ name }) => name), data: example };
  const requirements = requirementsOf(models);
  return {
    MLmodel: stringify({
      flavors: {
        ...flavors,
        python_function: {
          loader_module: LOADER_MODULE,
          code: 'code',
          env: { virtualenv: 'python_env.yaml' },
          python_version: PYTHON_VERSION,
        },
      },
      signature: {
        inputs: canonicalJson(
          inputs.map(({ name, type }) => ({
            name,
            type: type === 'numeric' ? 'double' : 'string',
            // It speaks of the column: a value in it may be missing all the same.
            required: true,
          })),
        ),
        outputs: canonicalJson(outputs.map((name) => ({ name, type: 'double', required: true }))),
        params: null,
      },
      ...(example.length === 0
        ? {}
        : {
            saved_input_example_info: {
              artifact_path: EXAMPLE,
              serving_input_path: SERVING_EXAMPLE,
              type: 'dataframe',
              pandas_orient: 'split',
            },
          }),
    }),
    ...(example.length === 0
      ? {}
      : { [EXAMPLE]: json(split), [SERVING_EXAMPLE]: json({ dataframe_split: split }) }),
    'requirements.txt': `${requirements.join('\n')}\n`,
    'python_env.yaml': stringify({
      python: PYTHON_VERSION,
      build_dependencies: ['pip', 'setuptools', 'wheel'],
      dependencies: ['-r requirements.txt'],
    }),
    [`code/${LOADER_MODULE}.py`]: await readFile(LOADER, 'utf8'),
  };
}

/** The columns that a caller gives: each feature that a model reads, not the flags that Holdfast makes of them. */
function rawFeatures(models: readonly ModelContent[]): readonly EncodedFeature[] {
  const features = models.flatMap(({ encoding }) =>
    encoding.features.filter(({ outlierOf }) => outlierOf === undefined),
  );
  return [...new Map(features.map((feature) => [feature.name, feature])).values()];
}

/** Samples that have a value or null for each column; those of older versions have none. */
function exampleRows(
  inputs: readonly EncodedFeature[],
  samples: readonly SampleRow[],
): (number | string | null)[][] {
  return samples
    .flatMap(({ features }) => (features === undefined ? [] : [features]))
    .filter((features) => inputs.every(({ name }) => Object.hasOwn(features, name)))
    .slice(0, EXAMPLE_ROWS)
    .map((features) => inputs.map(({ name }) => features[name] ?? null));
}

/** Libraries at the version that made the model: another one may differ in the last bits. */
function requirementsOf(models: readonly ModelContent[]): string[] {
  const libraries = models.flatMap(({ learner: { name, version } }) => {
    const library = LIBRARIES[name];
    return library === undefined ? [] : [`${library}==${version}`];
  });
  return ['mlflow', 'numpy', 'pandas', ...new Set(libraries)];
}

/** A forest is a text of LightGBM like any other; the logistic regression needs no library. */
const LIBRARIES: Readonly<Record<string, 'lightgbm' | 'xgboost'>> = {
  lightgbm: 'lightgbm',
  random_forest: 'lightgbm',
  xgboost: 'xgboost',
};

function boosterFlavor(learner: ModelContent['learner']): Described['flavors'] {
  const data = modelFile(learner);
  const { name, version } = learner;
  const library = LIBRARIES[name];
  if (library === 'lightgbm')
    return { lightgbm: { data, lgb_version: version, model_class: 'lightgbm.basic.Booster' } };
  if (library === 'xgboost')
    return {
      xgboost: { data, xgb_version: version, model_class: 'xgboost.core.Booster', model_format: 'json' },
    };
  return { holdfast: { data, learner: name, version } };
}
