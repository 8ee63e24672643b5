/** Workspaces that are not there, or not what they should be: refused by name, and nothing is made. */
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HoldfastError } from '../../src/kernel/index.ts';
import { openDuckDb } from '../../src/engine/index.ts';
import { openLake } from '../../src/lake/index.ts';
import { writeReportFile } from '../../src/store/index.ts';
import { systemClock } from '../../src/kernel/index.ts';
import { holdfast } from './holdfast.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a workspace', () => {
  it.each([
    ['runs'],
    ['tables'],
    ['query', 'SELECT 1'],
    ['lists show', 'loyalty'],
    ['evaluate'],
    ['report'],
    ['explain', 'C1'],
    ['audit leakage'],
    ['backtest'],
  ])('that does not exist is refused by %s, and not made', async (command, ...words) => {
    const missing = join(folder, 'mistyped');
    const { exitCode, stderr } = await holdfast([...command.split(' '), ...words, '--workspace', missing]);
    expect(stderr).toContain(`there is no workspace ${missing}`);
    expect(exitCode).toBe(2);
    await expect(access(missing)).rejects.toThrow();
  });

  it('that is a file is refused with its path and the flag', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const { exitCode, stderr } = await holdfast(['run', '--workspace', file]);
    expect(stderr).toContain('error[HF103]: --workspace: the workspace');
    expect(stderr).toContain('is a file, not a folder');
    expect(exitCode).toBe(2);
  });

  it('whose holdfast.yaml is a folder is refused', async () => {
    await mkdir(join(folder, 'holdfast.yaml'));
    const { exitCode, stderr } = await holdfast(['runs', '--workspace', folder]);
    expect(stderr).toContain('error[HF104]');
    expect(stderr).toContain('holdfast.yaml is a folder, not a file');
    expect(exitCode).toBe(2);
  });

  it('whose reports are a file says so', async () => {
    const reports = join(folder, 'reports');
    await writeFile(reports, '');
    await expect(writeReportFile(join(reports, 'x.json'), '{}')).rejects.toMatchObject({
      code: 'HF108',
      place: { file: reports },
    });
    await mkdir(join(folder, 'other/x.json/below'), { recursive: true });
    await expect(writeReportFile(join(folder, 'other/x.json'), '{}')).rejects.toMatchObject({
      code: 'HF108',
    });
  });
});

it('a negative limit is refused', async () => {
  for (const words of [['runs'], ['query', 'SELECT 1'], ['lists', 'show', 'loyalty']]) {
    const { exitCode, stderr } = await holdfast([...words, '--limit', '-1', '--workspace', folder]);
    expect(stderr).toContain('Expected a whole number from 0 up');
    expect(exitCode).toBe(2);
  }
});

it('a data file that is damaged is named with its table and what to do', async () => {
  await using engine = await openDuckDb();
  const lake = openLake({ root: join(folder, 'lake'), engine, clock: systemClock });
  const written = await lake.write('gold.things', 'SELECT 1 AS one', {
    mode: 'overwrite',
    info: { runId: 'test' },
  });
  await writeFile(written.files[0]?.path ?? '', 'no parquet');
  const error: unknown = await lake
    .attach(['gold.things'])
    .then(() => engine.rows('SELECT * FROM gold.things'))
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(HoldfastError);
  expect(error).toMatchObject({
    code: 'HF309',
    message: expect.stringContaining('a data file of gold.things cannot be read') as string,
    hint: expect.stringContaining('holdfast build') as string,
    place: { file: written.files[0]?.path },
  });
});
