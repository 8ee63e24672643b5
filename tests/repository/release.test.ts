/** What a release says about itself: version, changes, licences. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/kernel/index.ts';
import { ROOT, textOfFile } from './tree.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string | { readonly type: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;

/** Licences under which a company may use, change and ship the code without opening its own. */
const ALLOWED =
  /^(MIT|MIT-0|ISC|BSD-2-Clause|BSD-3-Clause|Apache-2\.0|0BSD|BlueOak-1\.0\.0|CC0-1\.0|Unlicense)$/;

/** The folder that Node finds a package in from `folder`, or undefined where it is not installed. */
function installedFolder(name: string, folder: string): string | undefined {
  const found = path.join(folder, 'node_modules', name);
  if (existsSync(path.join(found, 'package.json'))) return found;
  const parent = path.dirname(folder);
  return folder === ROOT || parent === folder ? undefined : installedFolder(name, parent);
}

/** The packages that the product needs, with those that they need, by folder. */
function productionPackages(folder = ROOT, found = new Map<string, Manifest>()): Map<string, Manifest> {
  const { dependencies = {}, optionalDependencies = {} } = readManifest(folder);
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const installed = installedFolder(name, folder);
    // Binaries of other platforms are not there.
    if (installed === undefined && name in optionalDependencies) continue;
    if (installed === undefined) throw new Error(`${name} is not installed`);
    if (found.has(installed)) continue;
    found.set(installed, readManifest(installed));
    productionPackages(installed, found);
  }
  return found;
}

describe('a release', () => {
  const manifest = readManifest(ROOT);

  it('has one version', () => {
    expect(VERSION).toBe(manifest.version);
  });

  it('pins its packages to the digit', () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies };
    expect(
      Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[a-z0-9.-]+)?$/.test(version)),
    ).toEqual([]);
  });

  it('has a change log with what is not released yet', () => {
    const log = textOfFile('CHANGELOG.md');
    expect(log).toMatch(/^## \[Unreleased\]$/m);
    const headings = [...log.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading);
    const known = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];
    expect(headings.filter((heading) => !known.includes(heading ?? ''))).toEqual([]);
  });

  it('carries its licence in full', () => {
    expect(manifest.license).toBe('Apache-2.0');
    const text = textOfFile('LICENSE');
    expect(text).toContain('Version 2.0, January 2004');
    expect(text).toContain('END OF TERMS AND CONDITIONS');
  });

  it('needs no package whose licence restricts commercial use', () => {
    const packages = productionPackages();
    expect(packages.size).toBeGreaterThan(5);
    const restricted = [...packages.values()]
      .map(({ name, license }) => ({ name, licence: typeof license === 'object' ? license.type : license }))
      .filter(
        ({ licence = '' }) =>
          !licence
            .replaceAll(/[()]/g, '')
            .split(' OR ')
            .some((one) => ALLOWED.test(one)),
      );
    expect(restricted).toEqual([]);
  });
});
