/** Set-up step for the tests of the dashboard: Chromium, from the packages of Debian and Ubuntu. */
import { installDebianPackages } from './debian-packages.mjs';
import { run } from './tool-support.mjs';

/** Names that a Chromium goes by; `tests/web/browser.ts` looks for the same. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Installs Chromium where there is none. */
export function installChromium() {
  installDebianPackages([
    {
      package_: 'chromium',
      what: 'the tests of the dashboard in a browser',
      isThere: () => NAMES.some((name) => !run(name, ['--version']).missing),
    },
  ]);
}
