/** Set-up step for the benchmark of the server: what the service in Python that it is measured against is made of. */
import { makeVirtualEnvironment } from './python-packages.mjs';

/** Makes or renews `.venv-peers`, where that is possible. */
export function makePeerEnvironment() {
  makeVirtualEnvironment({
    folder: '.venv-peers',
    requirements: 'peer-requirements.txt',
    what: 'the service in Python that the benchmark measures against (some hundred megabytes)',
    without: 'the comparisons with it',
  });
}
