/** Set-up step for the tests with services: MLflow, its server and the libraries that it loads models with. */
import { makeVirtualEnvironment } from './python-packages.mjs';

/** Makes or renews `.venv-mlflow`, where that is possible. It is large, hence apart from what plain tests need. */
export function makeMlflowEnvironment() {
  makeVirtualEnvironment({
    folder: '.venv-mlflow',
    requirements: 'mlflow-requirements.txt',
    what: 'MLflow (a few minutes, the better part of a gigabyte)',
    without: 'the tests with MLflow',
  });
}
