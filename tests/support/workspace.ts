/**
 * A workspace in a temporary folder, for suites that cross rooms. Files are landed from small tables in the
 * test's own text, steps run as the command line runs them, and rows are read back from the lake:
 *
 *     await using workspace = await openWorkspace();
 *     await workspace.land('calls.csv', [{ unique_customer_identifier: 'A', event_date: '2024-03-01' }]);
 *     await workspace.run({ to: 'build' });
 *     const rows = await workspace.rows('SELECT * FROM silver.calls');
 *
 * Disposing a workspace removes its folder. Use `copyPack` for a pack that differs in a few lines.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type FlagValue, resolveConfig } from '../../src/config/index.ts';
import type { Row } from '../../src/engine/index.ts';
import { type Clock, type Progress, silentProgress, systemClock } from '../../src/kernel/index.ts';
import {
  type Context,
  openContext,
  runSteps,
  type RunOptions,
  type RunResult,
} from '../../src/workflow/index.ts';

/** A cell of an inline table; null is written as an empty field. */
export type Cell = string | number | null;
export type InlineRow = Readonly<Record<string, Cell>>;

export interface WorkspaceOptions {
  /** Name of a shipped pack or folder of one; `broadband` unless said otherwise. */
  readonly pack?: string;
  /** Settings by their full key, such as `{ 'time.observed_to': '2024-06-30', 'learner.rounds': 20 }`. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** The machine's clock unless given. */
  readonly clock?: Clock;
}

export interface TestWorkspace extends AsyncDisposable {
  /** Absolute path of the workspace folder. */
  readonly folder: string;
  /** Absolute path of its landing folder. */
  readonly landing: string;
  /** What the steps warned of, oldest first, over all contexts of this workspace. */
  readonly warnings: readonly string[];
  /**
   * Writes a CSV file into the landing folder: the text as it is, or rows of which the first names the
   * columns. An existing file of that name is replaced.
   */
  land(name: string, content: string | readonly InlineRow[]): Promise<void>;
  /** Opens a context, hands it to `use` and releases it. */
  withContext<T>(use: (context: Context) => Promise<T>, settings?: WorkspaceOptions['settings']): Promise<T>;
  /** Runs steps of the main job in a context of their own; all of them unless `from` and `to` say less. */
  run(options?: Omit<RunOptions, 'command'>, settings?: WorkspaceOptions['settings']): Promise<RunResult>;
  /** Rows of a query over the newest versions of all lake tables. Dates are text, NULL is null. */
  rows(sql: string): Promise<Row[]>;
}

/** Makes an empty workspace; nothing is built before `run`. */
export async function openWorkspace(options: WorkspaceOptions = {}): Promise<TestWorkspace> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-workspace-'));
  const landing = path.join(folder, 'landing');
  await mkdir(landing);
  const warnings: string[] = [];
  const progress: Progress = {
    ...silentProgress,
    warn: (message) => {
      warnings.push(message);
    },
  };

  const withContext = async <T>(
    use: (context: Context) => Promise<T>,
    settings: WorkspaceOptions['settings'] = {},
  ): Promise<T> => {
    const { config, pack, secrets } = await resolveConfig({
      flags: flagsOf({
        workspace: folder,
        pack: options.pack ?? 'broadband',
        'engine.threads': 2,
        'learner.threads': 2,
        ...options.settings,
        ...settings,
      }),
    });
    await using context = await openContext({
      config,
      pack,
      secrets,
      progress,
      clock: options.clock ?? systemClock,
    });
    return await use(context);
  };

  return {
    folder,
    landing,
    warnings,
    async land(name, content) {
      const file = path.join(landing, name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, typeof content === 'string' ? content : csvOf(content));
    },
    withContext,
    run: (runOptions = {}, settings) =>
      withContext((context) => runSteps(context, { command: 'test', ...runOptions }), settings),
    rows: (sql) =>
      withContext(async ({ engine, lake }) => {
        await lake.attach();
        return engine.rows(sql);
      }),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Rows as CSV text with the columns of the first row. */
export function csvOf(rows: readonly InlineRow[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const field = (cell: Cell | undefined): string => {
    const text = cell === null || cell === undefined ? '' : String(cell);
    return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = rows.map((row) => columns.map((column) => field(row[column])).join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

/** A copy of a pack in a temporary folder, to be changed by a test. */
export interface PackCopy extends AsyncDisposable {
  readonly folder: string;
  /** Replaces the one occurrence of `from` in a file of the pack; throws where there is none or several. */
  replace(file: string, from: string, to: string): Promise<void>;
  /** Writes a file of the pack, such as `sql/silver/extra.sql`. */
  write(file: string, text: string): Promise<void>;
}

/** Copies a shipped pack (without its generator) into a temporary folder. */
export async function copyPack(name = 'broadband'): Promise<PackCopy> {
  const shipped = path.join(import.meta.dirname, '../../packs', name);
  const folder = await mkdtemp(path.join(tmpdir(), `holdfast-pack-${name}-`));
  await cp(shipped, folder, {
    recursive: true,
    filter: (source) => source !== path.join(shipped, 'generate'),
  });
  return {
    folder,
    async replace(file, from, to) {
      const target = path.join(folder, file);
      const parts = (await readFile(target, 'utf8')).split(from);
      if (parts.length !== 2) throw new Error(`${file} holds ${String(parts.length - 1)} times: ${from}`);
      await writeFile(target, parts.join(to));
    },
    async write(file, text) {
      const target = path.join(folder, file);
      await mkdir(path.dirname(target), { recursive: true });
      await writeFile(target, text);
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function flagsOf(settings: Readonly<Record<string, string | number>>): FlagValue[] {
  return Object.entries(settings).map(([key, value]) => ({ key, value: String(value), flag: `--${key}` }));
}
