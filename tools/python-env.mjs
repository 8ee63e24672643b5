/** Set-up step for tests: a Python environment with the packages that results are compared with. */
import { makeVirtualEnvironment } from './python-packages.mjs';

/** Makes or renews `.venv`, where that is possible. */
export function makePythonEnvironment() {
  makeVirtualEnvironment({
    folder: '.venv',
    requirements: 'python-requirements.txt',
    what: 'the Python packages that tests compare with',
    without: 'the comparisons with Python',
  });
}
