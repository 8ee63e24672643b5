import { execFileSync } from 'node:child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdfast, ROOT } from './holdfast.ts';

let workspace: string;
beforeEach(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'holdfast-cli-'));
});
afterEach(() => rm(workspace, { recursive: true, force: true }));

const COMMANDS = [
  'demo',
  'generate',
  'run',
  'ingest',
  'build',
  'features get',
  'train',
  'score',
  'lists',
  'lists show',
  'tables',
  'query',
  'plan',
  'runs',
  'config show',
  'doctor',
  'completion',
];

describe('help', () => {
  it('names every command', async () => {
    const { exitCode, stdout, stderr } = await holdfast(['--help']);
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    for (const command of COMMANDS) expect(stdout).toContain(`  ${command.split(' ')[0] ?? ''} `);
  });

  it.each(COMMANDS)('shows an example for %s', async (command) => {
    const { exitCode, stdout } = await holdfast([...command.split(' '), '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain(`$ holdfast ${command}`);
  });

  it('is given on standard error when no command is named', async () => {
    const { exitCode, stdout, stderr } = await holdfast([]);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: holdfast');
  });

  it('prints the version of the package', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    expect(await holdfast(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('a word that is not known', () => {
  it.each([
    { words: ['sckore'], message: "unknown command 'sckore'", hint: 'did you mean score?' },
    { words: ['score', '--jsn'], message: "unknown option '--jsn'", hint: 'did you mean --json?' },
    { words: ['lists', 'shw'], message: 'lists does not take "shw"', hint: 'did you mean lists show?' },
    { words: ['config', 'sho'], message: "unknown command 'sho'", hint: 'did you mean show?' },
  ])('is refused with the nearest known one: $words', async ({ words, message, hint }) => {
    const { exitCode, stdout, stderr } = await holdfast(words);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toBe(`error[HF101]: ${message}\nhint: ${hint}\n`);
  });

  it('is refused where an option wants another form', async () => {
    const { exitCode, stderr } = await holdfast(['generate', '--customers', 'many']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error\[HF101\]: .*Expected a whole number\n/);
  });
});

describe('config show', () => {
  it('says where each value comes from', async () => {
    await writeFile(
      join(workspace, 'holdfast.yaml'),
      'engine: { threads: 1 }\nenvironments: { prod: { learner: { rounds: 9 } } }\n',
    );
    const { exitCode, stdout, stderr } = await holdfast(
      ['--workspace', workspace, 'config', 'show', '--env', 'prod', '--set', 'value.months=3', '--json'],
      { environment: { HOLDFAST_TIERS_BASIS: 'profit' } },
    );
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    const { schema, settings } = JSON.parse(stdout) as {
      readonly schema: string;
      readonly settings: Readonly<Record<string, { readonly value: unknown; readonly layer: string }>>;
    };
    expect(schema).toBe('holdfast.config-show/1');
    expect(settings['engine.threads']).toMatchObject({ value: 1, layer: 'file' });
    expect(settings['learner.rounds']).toMatchObject({ value: 9, layer: 'environment' });
    expect(settings['tiers.basis']).toEqual({
      value: 'profit',
      layer: 'variable',
      where: 'HOLDFAST_TIERS_BASIS',
    });
    expect(settings['value.months']).toEqual({ value: 3, layer: 'flag', where: '--set' });
    expect(settings['learner.seed']).toMatchObject({ value: 42, layer: 'pack' });
    expect(settings['engine.memory_limit']).toMatchObject({ value: '2GB', layer: 'default' });
  });

  it('shows a table to people', async () => {
    const { stdout } = await holdfast(['config', 'show', 'tiers', '--workspace', workspace]);
    expect(stdout).toMatch(/^setting +value +from\ntiers\.basis +risk_score +pack: /);
  });

  it('stops at an unknown key of the workspace file, naming file and line', async () => {
    await writeFile(join(workspace, 'holdfast.yaml'), 'engine:\n  thread: 1\n');
    const { exitCode, stdout, stderr } = await holdfast(['config', 'show', '--workspace', workspace]);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^error\[HF102\]: .*holdfast\.yaml:2: engine\.thread: .*\nhint: did you mean engine\.threads\?/,
    );
  });
});

describe('a failure', () => {
  it('is a JSON document with --json', async () => {
    const { exitCode, stdout, stderr } = await holdfast(['run', '--workspace', workspace, '--json']);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error\[HF201\]: /m);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'holdfast.error/1',
      error: { code: 'HF201', message: expect.any(String) as string, hint: expect.any(String) as string },
    });
  });

  it('shows a stack trace only with --verbose', async () => {
    const plain = await holdfast(['run', '--workspace', workspace, '--quiet']);
    expect(plain.stderr).not.toMatch(/^ {4}at /m);
    expect(plain.stderr).toMatch(/^error\[HF201\]: .*\nhint: .*\n$/);
    const verbose = await holdfast(['run', '--workspace', workspace, '--verbose']);
    expect(verbose.stderr).toMatch(/^ {4}at /m);
  });

  it('ends with 1 where a check fails', async () => {
    const environment = { HOLDFAST_LIGHTGBM_LIBRARY: join(workspace, 'missing.so') };
    const { exitCode, stdout } = await holdfast(['doctor', '--workspace', workspace, '--json'], {
      environment,
    });
    expect(exitCode).toBe(1);
    const { healthy, checks } = JSON.parse(stdout) as {
      readonly healthy: boolean;
      readonly checks: readonly {
        readonly name: string;
        readonly ok: boolean;
        readonly detail: string;
        readonly mend?: string;
      }[];
    };
    expect(healthy).toBe(false);
    expect(checks.filter((check) => !check.ok).map((check) => check.name)).toEqual(['learner']);
    expect(checks.find((check) => !check.ok)?.mend).toMatch(/HOLDFAST_LIGHTGBM_LIBRARY/);
    const libraries = checks.find(({ name }) => name === 'learner libraries')?.detail;
    expect(libraries).toMatch(/^lightgbm is not usable \(HF501 .*, xgboost \d+\.\d+/);
  });
});

describe('output', () => {
  it('has no colours, bars or cursor movements in a pipe', async () => {
    const { stdout, stderr } = await holdfast(['doctor', '--workspace', workspace]);
    expect(stdout).toMatch(/^ok {4}Node: /);
    expect(stdout + stderr).not.toContain('\u001b');
  });

  it('is only the document with --json --quiet', async () => {
    const { stdout, stderr } = await holdfast(['tables', '--workspace', workspace, '--json', '--quiet']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({ schema: 'holdfast.tables/1', tables: [] });
  });

  it('may be cut off by a reader that leaves', async () => {
    const { exitCode, stderr } = await holdfast(['config', 'show', '--workspace', workspace], {
      closeStdout: true,
    });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });
});

describe('Ctrl-C', () => {
  it('ends the work cleanly with 130', async () => {
    let killed = false;
    const { exitCode, stderr } = await holdfast(['demo', '--customers', '500', '--workspace', workspace], {
      onStderr: (text, kill) => {
        if (killed || !text.includes('✓')) return;
        killed = true;
        kill('SIGINT');
      },
    });
    expect(exitCode).toBe(130);
    expect(stderr).toMatch(/error\[HF930\]: interrupted/);
    await expect(access(join(workspace, 'landing'))).rejects.toThrow();
    await expect(access(join(workspace, 'landing.partial'))).rejects.toThrow();
  });
});

describe('completion', () => {
  it('prints a script that bash accepts and that knows commands and options', async () => {
    const { exitCode, stdout } = await holdfast(['completion', 'bash']);
    expect(exitCode).toBe(0);
    const probe = `${stdout}
COMP_WORDS=(holdfast lists sh); COMP_CWORD=2; _holdfast; echo "\${COMPREPLY[*]}"
COMP_WORDS=(holdfast run --ret); COMP_CWORD=2; _holdfast; echo "\${COMPREPLY[*]}"
`;
    expect(execFileSync('bash', ['-c', probe], { encoding: 'utf8' })).toBe('show\n--retrain\n');
  });

  it.each(['zsh', 'fish'])('prints a script for %s', async (shell) => {
    const { exitCode, stdout } = await holdfast(['completion', shell]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('holdfast');
    expect(stdout).toContain('retrain');
  });
});

it('the next command has the workspace and the pack of this one', async () => {
  const table = join(workspace, 'customers.csv');
  const rows = Array.from(
    { length: 200 },
    (_, index) => `K${String(index)},${String((index * 7) % 50)},${index % 3 === 0 ? 'Yes' : 'No'}`,
  );
  await writeFile(table, `id,age,churn\n${rows.join('\n')}\n`);
  const place = join(workspace, 'place');
  const pack = join(workspace, 'pack');
  const made = await holdfast(['init', pack, '--from', table, '--target', 'churn', '--workspace', place]);
  expect(made.stderr).toContain(`Next: holdfast run --pack ${pack} --workspace ${place}`);
  const ingested = await holdfast(['ingest', '--pack', pack, '--workspace', place]);
  expect(ingested.stderr).toContain(`Next: holdfast build --workspace ${place} --pack ${pack}`);
}, 30_000);
