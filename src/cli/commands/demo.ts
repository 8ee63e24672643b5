import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config/index.ts';
import { counted } from '../format.ts';
import type { CommandModule, Input, Session } from '../command.ts';
import { DEFAULT_RANGE, generateInto, GENERATOR_OPTIONS } from '../generator.ts';
import { runStepCommand } from '../step-command.ts';

export const command: CommandModule = {
  name: 'demo',
  summary: 'the whole job on made-up data: generate, ingest, build, train, score, lists',
  description:
    'Writes made-up raw tables into landing/ of the workspace, unless files lie there already, and does the whole job on them.',
  options: GENERATOR_OPTIONS,
  examples: [
    { command: 'demo', explains: '20,000 customers in ./workspace' },
    { command: 'demo --customers 2000 --workspace /tmp/demo', explains: 'a quick look' },
  ],
  async run(session, input) {
    const { config } = await session.resolve();
    const landing = join(config.workspace, 'landing');
    if (await isEmpty(landing)) await fill(session, config, landing, input);
    else session.progress.info(`${landing} already holds files: they are used as they are`);
    const result = await runStepCommand(session, { command: 'demo' });
    return { ...result, next: 'holdfast tables' };
  },
};

/** Generates beside the folder and moves it into place, so that a half-written delivery is never taken. */
async function fill({ progress }: Session, config: Config, landing: string, input: Input): Promise<void> {
  const partial = `${landing}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    const { files, rows } = await generateInto(partial, { config, input, range: DEFAULT_RANGE, progress });
    await rm(landing, { recursive: true, force: true });
    await rename(partial, landing);
    progress.info(`generated ${counted(rows, 'row')} in ${counted(files.length, 'file')}`);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function isEmpty(folder: string): Promise<boolean> {
  return readdir(folder).then(
    (names) => names.length === 0,
    () => true,
  );
}
