/** A folder in which a Python script trains what a learner was given, for suites that compare the two. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { TrainingTask } from '../../src/learner/index.ts';

const PYTHON = fileURLToPath(
  new URL(
    `../../.venv/${process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python'}`,
    import.meta.url,
  ),
);

/** Whether the Python environment has a package in that version. */
export const hasPython = (packageName: string, version: string): boolean =>
  spawnSync(PYTHON, ['-c', `import ${packageName}; assert ${packageName}.__version__ == "${version}"`])
    .status === 0;

export interface PythonFolder {
  write(name: string, content: string | Float64Array | Float32Array): void;
  /** Runs the script on the folder; throws with what it says where it fails. */
  run(): void;
  text(name: string): string;
  doubles(name: string): Float64Array;
  remove(): void;
}

/** Writes a task for a script beside this file: `task.json`, `features.f64`, `labels.f32`, `weights.f32`. */
export function pythonFolder(
  script: string,
  task: TrainingTask,
  parameters: TrainingTask['parameters'],
): PythonFolder {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-learner-'));
  const write: PythonFolder['write'] = (name, content) => {
    writeFileSync(path.join(folder, name), content);
  };
  write('features.f64', task.features.data);
  write('labels.f32', task.labels);
  write('weights.f32', task.weights ?? new Float32Array(task.features.rows).fill(1));
  const { featureNames, categorical, rounds, earlyStoppingRounds, seed } = task;
  write(
    'task.json',
    JSON.stringify({
      ...task.features,
      data: undefined,
      featureNames,
      categorical,
      trainRows: [...task.trainRows],
      stopRows: [...task.stopRows],
      rounds,
      earlyStoppingRounds,
      seed,
      parameters,
    }),
  );
  return {
    write,
    run: () => {
      const file = fileURLToPath(new URL(`./${script}`, import.meta.url));
      const result = spawnSync(PYTHON, [file, folder], { encoding: 'utf8' });
      if (result.status !== 0) throw new Error(`the Python script failed: ${result.stderr}`);
    },
    text: (name) => readFileSync(path.join(folder, name), 'utf8'),
    doubles: (name) => {
      const bytes = readFileSync(path.join(folder, name));
      return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    },
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function largestDifference(one: Float64Array, other: Float64Array): number {
  expect(other).toHaveLength(one.length);
  return one.reduce((most, value, row) => Math.max(most, Math.abs(value - (other[row] ?? NaN))), 0);
}
