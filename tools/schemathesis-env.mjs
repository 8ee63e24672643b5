/** Set-up step for the tests with services: Schemathesis, which sends what the OpenAPI document allows and does not. */
import { makeVirtualEnvironment } from './python-packages.mjs';

/** Makes or renews `.venv-schemathesis`, where that is possible. Apart, since it pins other packages than the rest. */
export function makeSchemathesisEnvironment() {
  makeVirtualEnvironment({
    folder: '.venv-schemathesis',
    requirements: 'schemathesis-requirements.txt',
    what: 'Schemathesis',
    without: 'the tests with Schemathesis',
  });
}
