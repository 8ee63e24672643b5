/**
 * The bars of the main job at the documented scale: each phase in a process of its own, beside its floor.
 * `npm run bench:scale -- --customers 202782 --to 2024-09-01 --runs 1 --workspace DIR`; prints JSON.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { version as duckDbVersion } from '@duckdb/node-api';
import type { PhaseName } from './phases.ts';
import { type PhaseFigures, runPhase } from './run-phase.ts';

const { values } = parseArgs({
  options: {
    customers: { type: 'string', default: '202782' },
    to: { type: 'string', default: '2024-09-01' },
    runs: { type: 'string', default: '1' },
    workspace: { type: 'string' },
  },
});

const ORDER: readonly PhaseName[] = ['generate', 'build', 'floorSql', 'train', 'floorTrain', 'score'];

const runs: Record<PhaseName, PhaseFigures>[] = [];
for (let run = 0; run < Number(values.runs); run++) runs.push(await oneRun());

process.stdout.write(
  `${JSON.stringify(
    {
      schema: 'holdfast.bench.scale/1',
      machine: {
        cpu: os.cpus()[0]?.model,
        cores: os.cpus().length,
        memory_gb: Math.round(os.totalmem() / 1e9),
        load_average: os.loadavg(),
      },
      versions: { node: process.version, duckdb: duckDbVersion() },
      customers: Number(values.customers),
      to: values.to,
      runs: runs.map((figures) => ({ ...figures, ratios: ratiosOf(figures) })),
    },
    undefined,
    1,
  )}\n`,
);

async function oneRun(): Promise<Record<PhaseName, PhaseFigures>> {
  const workspace = values.workspace ?? (await mkdtemp(path.join(os.tmpdir(), 'holdfast-bench-')));
  const figures: Partial<Record<PhaseName, PhaseFigures>> = {};
  for (const phase of ORDER) {
    figures[phase] = await runPhase(phase, {
      workspace,
      customers: Number(values.customers),
      to: values.to,
      seed: 1,
    });
    process.stderr.write(`${phase}: ${JSON.stringify(figures[phase])}\n`);
  }
  if (values.workspace === undefined) await rm(workspace, { recursive: true });
  return figures as Record<PhaseName, PhaseFigures>;
}

/** The job beside its floors; the whole leaves out generating, which a user does not do. */
function ratiosOf({
  build,
  train,
  score,
  floorSql,
  floorTrain,
}: Record<PhaseName, PhaseFigures>): Record<string, number> {
  return {
    sql_over_floor: build.seconds / floorSql.seconds,
    training_over_floor: train.seconds / floorTrain.seconds,
    whole_over_floor:
      (build.seconds + train.seconds + score.seconds) / (floorSql.seconds + floorTrain.seconds),
  };
}
