/**
 * A writer that kills itself at a given moment: `killed-writer.ts <lake folder> <moment>`.
 * It appends one row with i = 1 to silver.t, whose folder holds i = 0.
 */
import { openDuckDb } from '../../src/engine/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import { type DiskEffects, localDisk, openLake } from '../../src/lake/index.ts';

const [root = '', moment = ''] = process.argv.slice(2);

const diesAt = (here: string): void => {
  if (moment === here) process.kill(process.pid, 'SIGKILL');
};

const disk: DiskEffects = {
  sync: async (file) => {
    if (file.endsWith('.parquet')) diesAt('data files written');
    if (file.includes('.commit-')) diesAt('commit file written');
    await localDisk.sync(file);
  },
  publish: async (temporary, final) => {
    diesAt('before the link');
    await localDisk.publish(temporary, final);
    diesAt('after the link');
  },
};

const engine = await openDuckDb({ threads: 1 });
const lake = openLake({ root, engine, clock: systemClock }, disk);
// So many rows take minutes: the parent kills this process while they are being written.
const select =
  moment === 'while rows are written'
    ? 'SELECT (1 + 0 * random())::INTEGER AS i FROM range(1000000000)'
    : 'SELECT 1 AS i';
await lake.write('silver.t', select, {
  mode: 'append',
  info: { runId: 'killed' },
  beforeCommit: () => {
    diesAt('before the check');
    return Promise.resolve();
  },
});
diesAt('after the commit');
