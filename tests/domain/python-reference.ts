/** Asks the Python packages that results are compared with, where they are installed. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PYTHON = fileURLToPath(
  new URL(
    `../../.venv/${process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'}`,
    import.meta.url,
  ),
);

/** Why these modules cannot be asked here, or null. */
export function reasonToSkip(...modules: readonly string[]): string | null {
  // Looked for, not imported: that takes seconds.
  const script = 'import importlib.util, sys; sys.exit(None in map(importlib.util.find_spec, sys.argv[1:]))';
  const { status, error } = spawnSync(PYTHON, ['-c', script, ...modules], { encoding: 'utf8' });
  if (error !== undefined) return 'no Python in .venv';
  return status === 0 ? null : `.venv lacks one of ${modules.join(', ')}`;
}

/** Sends questions to a script of this folder as JSON and returns its answers. */
export function ask(script: string, questions: unknown): unknown {
  const file = fileURLToPath(new URL(script, import.meta.url));
  const run = spawnSync(PYTHON, [file], {
    input: JSON.stringify(questions),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(`the reference failed: ${run.stderr}`);
  return JSON.parse(run.stdout);
}

/** Numbers in [0, 1) from a seed (mulberry32), so that every run asks the same. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Case {
  readonly name: string;
  readonly labels: readonly number[];
  readonly scores: readonly number[];
  readonly probabilities: readonly number[];
  readonly weights: readonly number[];
  readonly queries: readonly number[];
}

interface Shape {
  readonly rows: number;
  readonly baseRate: number;
  readonly score: (label: number, random: () => number) => number;
}

function makeCase(name: string, seed: number, { rows, baseRate, score }: Shape): Case {
  const random = generator(seed);
  // The first two rows make sure that both classes are there, where a base rate between 0 and 1 is asked for.
  const labels = Array.from({ length: rows }, (_, row) =>
    baseRate < 0 || baseRate > 1 ? Math.round(baseRate / 2) : row < 2 ? row : random() < baseRate ? 1 : 0,
  );
  const scores = labels.map((label) => score(label, random));
  const spread = (): number =>
    Math.min(...scores) - 1 + random() * (Math.max(...scores) - Math.min(...scores) + 2);
  return {
    name,
    labels,
    scores,
    probabilities: scores.map((value) => 1 / (1 + Math.exp(-value))),
    weights: scores.map(() => Math.floor(random() * 4) + random()),
    queries: [...scores.slice(0, 300), ...Array.from({ length: 300 }, spread)],
  };
}

const noisy = (label: number, random: () => number): number => label + 4 * (random() + random() - 1);

/** Samples with both classes. */
export const CASES: readonly Case[] = [
  makeCase('distinct scores', 1, { rows: 3000, baseRate: 0.3, score: noisy }),
  makeCase('many ties', 2, {
    rows: 3000,
    baseRate: 0.3,
    score: (label, random) => Math.round(noisy(label, random)),
  }),
  makeCase('constant scores', 3, { rows: 500, baseRate: 0.2, score: () => -2.5 }),
  makeCase('one positive in 20,000', 4, { rows: 20_000, baseRate: 0, score: noisy }),
  makeCase('all positive but one', 5, { rows: 5000, baseRate: 1, score: noisy }),
  makeCase('scores that rank backwards', 6, {
    rows: 2000,
    baseRate: 0.4,
    score: (label, random) => -3 * noisy(label, random),
  }),
  makeCase('perfect separation', 7, {
    rows: 1000,
    baseRate: 0.1,
    score: (label, random) => 40 * (2 * label - 1) + random(),
  }),
  makeCase('two rows', 8, { rows: 2, baseRate: 0.5, score: (label) => label }),
  makeCase('seven rows', 9, { rows: 7, baseRate: 0.5, score: noisy }),
];

/** Samples of one class. */
export const ONE_CLASS: readonly Case[] = [
  makeCase('no positive', 10, { rows: 50, baseRate: -1, score: noisy }),
  makeCase('positives only', 11, { rows: 50, baseRate: 2, score: noisy }),
];
