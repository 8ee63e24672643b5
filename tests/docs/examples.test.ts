/** Every `sh` block of the documents: its commands exist, and the blocks marked `sh run` work. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { allCommands } from '../../src/cli/commands/index.ts';
import { buildProgram, type Invocation } from '../../src/cli/program.ts';
import { VERSION } from '../../src/kernel/index.ts';
import { messyCustomers } from '../init/customer-file.ts';
import { repositoryFiles, ROOT, textOfFile } from '../repository/tree.ts';

interface Block {
  readonly file: string;
  readonly line: number;
  readonly runs: boolean;
  readonly text: string;
}

function blocksOf(file: string): Block[] {
  const text = textOfFile(file);
  return [...text.matchAll(/^```sh( run)?\n([\s\S]*?)^```$/gm)].map((found) => ({
    file,
    line: text.slice(0, found.index).split('\n').length,
    runs: found[1] !== undefined,
    text: found[2] ?? '',
  }));
}

/** The words of a simple command line: blanks separate, quotes hold together. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replaceAll(/["']/g, ''));
}

/** The first of several commands of a line, without what its output is sent to. */
const simple = (line: string): string => line.replace(/\s[|>].*$/, '');

/** Parses a command as the program would and does not carry it out. */
async function parse(words: readonly string[]): Promise<Invocation | undefined> {
  let parsed: Invocation | undefined;
  const program = buildProgram({
    commands: await allCommands(),
    version: VERSION,
    onInvocation: (invocation) => {
      parsed = invocation;
      return Promise.resolve();
    },
  });
  await program.parseAsync([...words], { from: 'user' });
  return parsed;
}

const DOCUMENTS = repositoryFiles().filter((file) => /^(README|CONTRIBUTING|docs\/.*)\.md$/.test(file));
const BLOCKS = DOCUMENTS.flatMap(blocksOf);
/** Programs that examples may call beside `holdfast` and `npm`. */
const EVERYDAY = /^(cp|head|mkdir)$/;

describe('examples', () => {
  it('are found', () => {
    expect(BLOCKS.filter(({ runs }) => runs).length).toBeGreaterThan(5);
  });

  it.each(BLOCKS.map((block) => ({ ...block, place: `${block.file}:${String(block.line)}` })))(
    '$place names commands that exist',
    async ({ text }) => {
      const { scripts } = JSON.parse(textOfFile('package.json')) as { scripts: Record<string, string> };
      for (const line of text.split('\n').filter((found) => found !== '' && !found.startsWith('#'))) {
        const [program, ...words] = wordsOf(simple(line));
        if (program === 'holdfast') expect(await parse(words), line).toBeDefined();
        else if (program === 'npm') expect(Object.keys(scripts), line).toContain(words.at(-1));
        else expect(program, line).toMatch(EVERYDAY);
      }
    },
  );
});

describe('examples that run', () => {
  let folder: string;
  const start = process.cwd();
  const environment = (): NodeJS.ProcessEnv => ({
    ...Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) => !name.startsWith('HOLDFAST_') || name === 'HOLDFAST_LIGHTGBM_LIBRARY',
      ),
    ),
    PATH: `${path.join(folder, 'bin')}${path.delimiter}${process.env['PATH'] ?? ''}`,
    HOLDFAST_LEARNER_ROUNDS: '20',
  });

  /** Runs lines as a shell would; a plain `holdfast` line in this process, which saves its start. */
  const execute = async (script: string): Promise<void> => {
    for (const line of script.split('\n').filter((found) => found !== '')) {
      if (line.startsWith('holdfast ') && simple(line) === line) await call(wordsOf(line).slice(1));
      else await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', line], { env: environment() });
    }
  };

  const call = async (words: readonly string[]): Promise<void> => {
    let said = '';
    const stream = new Writable({
      decodeStrings: false,
      write: (text: string, _encoding, done) => {
        said += text;
        done();
      },
    });
    const exitCode = await main(words, { stdout: stream, stderr: stream, environment: environment() });
    expect(exitCode, said).toBe(0);
  };

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'holdfast-examples-'));
    await mkdir(path.join(folder, 'bin'));
    await symlink(path.join(ROOT, 'bin/holdfast'), path.join(folder, 'bin/holdfast'));
    process.chdir(folder);
    await execute('holdfast demo --customers 300');
  });

  afterAll(async () => {
    process.chdir(start);
    await rm(folder, { recursive: true });
  });

  const pages = [...new Set(BLOCKS.filter(({ runs }) => runs).map(({ file }) => file))];

  it.each(pages)('%s does what it says, from top to bottom', async (page) => {
    const own = path.join(folder, page.replaceAll(/\W/g, '-'));
    await mkdir(own);
    await cp(path.join(folder, 'workspace'), path.join(own, 'workspace'), { recursive: true });
    await writeFile(path.join(own, 'customers.csv'), messyCustomers());
    process.chdir(own);
    for (const { file, line, runs, text } of BLOCKS) {
      if (!runs || file !== page) continue;
      await execute(text).catch((error: unknown) => {
        throw new Error(`the example at ${file}:${String(line)} failed`, { cause: error });
      });
    }
  });

  it('leave tables with exactly the columns that the reference lists', async () => {
    const page = await readFile(path.join(ROOT, 'docs/reference/tables.md'), 'utf8');
    const documented = new Map(
      page
        .split(/^## /m)
        .slice(1)
        .map((section) => [
          section.slice(0, section.indexOf('\n')),
          [...section.matchAll(/^\| `([^`]+)` +\| (\w+)/gm)].map(
            ([, name, type]) => `${name ?? ''} ${type ?? ''}`,
          ),
        ]),
    );
    for (const [table, columns] of documented) {
      const log = path.join(folder, 'workspace/lake', table.replace('.', '/'), '_delta_log');
      const commit = await readFile(path.join(log, '00000000000000000000.json'), 'utf8').catch(
        () => undefined,
      );
      // Nothing was quarantined or cleaned: the generator writes no malformed rows, and its pack cleans nothing.
      if (commit === undefined && /^quality\.(quarantined_rows|cleaning_results)$/.test(table)) continue;
      const metaData = String(commit)
        .split('\n')
        .filter((line) => line.includes('"metaData"'))
        .map((line) => JSON.parse(line) as { metaData: { schemaString: string } });
      const schema = JSON.parse(metaData[0]?.metaData.schemaString ?? '{"fields":[]}') as {
        fields: { name: string; type: string }[];
      };
      expect(
        schema.fields.map(({ name, type }) => `${name} ${type}`),
        table,
      ).toEqual(columns);
    }
    expect(documented.size).toBeGreaterThan(15);
  });
});
