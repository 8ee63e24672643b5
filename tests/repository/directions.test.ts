/** The rooms of ARCHITECTURE.md: what may import what. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from './tree.ts';

const PROGRAM = path.join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const RULES = path.join(ROOT, '.dependency-cruiser.mjs');

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

/** What the rules say about the folder `src` below `folder`, as `rule: from -> to`. */
async function violationsIn(folder: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [PROGRAM, 'src', '--config', RULES, '--output-type', 'json'],
    { cwd: folder, maxBuffer: 64 << 20 },
  ).catch((error: unknown) => {
    // The program's exit code counts the violations; the report is complete all the same.
    if (error instanceof Error && 'stdout' in error && String(error.stdout).startsWith('{'))
      return { stdout: String(error.stdout) };
    throw error;
  });
  const report = JSON.parse(stdout) as { summary: { violations: Violation[]; totalCruised: number } };
  expect(report.summary.totalCruised).toBeGreaterThan(2);
  return report.summary.violations.map(({ from, to, rule }) => `${rule.name}: ${from} -> ${to}`);
}

describe('imports', () => {
  it('point down, enter rooms by their door and go round in no circle', async () => {
    expect(await violationsIn(ROOT)).toEqual([]);
  });
});

describe('the rules about imports', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'holdfast-directions-'));
    const files = {
      'tsconfig.json': '{ "compilerOptions": { "module": "nodenext", "moduleResolution": "nodenext" } }',
      'package.json': '{ "type": "module" }',
      'src/lake/index.ts': "export { lake } from './lake.ts';",
      'src/lake/lake.ts': 'export const lake = 1;',
      'src/domain/index.ts': "import { lake } from '../lake/index.ts';\nexport const up = lake;",
      'src/domain/disk.ts': "export { readFile } from 'node:fs/promises';",
      'src/train/index.ts': "export { score } from '../score/index.ts';",
      'src/score/index.ts':
        "import type { lake } from '../lake/lake.ts';\nexport const score: typeof lake = 1;",
      'src/build/index.ts': "export { half } from './half.ts';\nexport const other = 2;",
      'src/build/half.ts': "import { other } from './index.ts';\nexport const half = other / 2;",
      'src/attic/index.ts': "import '../lake/index.ts';",
    };
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('notice an arrow up, a neighbour, a side door, a circle, a disk in the core and an unknown room', async () => {
    expect((await violationsIn(folder)).sort()).toEqual([
      'core-is-pure: src/domain/disk.ts -> fs/promises',
      'domain-imports-downwards: src/domain/index.ts -> src/lake/index.ts',
      'no-circles: src/build/half.ts -> src/build/index.ts',
      'room-is-known: src/attic/index.ts -> src/lake/index.ts',
      'rooms-have-one-door: src/score/index.ts -> src/lake/lake.ts',
      'train-imports-downwards: src/train/index.ts -> src/score/index.ts',
    ]);
  });
});
