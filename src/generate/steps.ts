import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { HoldfastError } from '../kernel/index.ts';

/** One SQL file of a generator with what its header asks for. */
export interface GeneratorStep {
  /** File name, such as `50-customers.sql`. */
  readonly name: string;
  readonly file: string;
  /** The statements without the header's directives taken out: comments stay. */
  readonly sql: string;
  /** `@each <query>`: the file runs once per row of the query, whose columns become variables. */
  readonly each: string | undefined;
  /**
   * `@each_apart <query>`: as `@each`, but the turns run at the same time, each on one thread in a session of its
   * own; what they make must be temporary tables.
   */
  readonly apart: boolean;
  /** `@with <file>`: that file runs right after this one, within the same `@each`. */
  readonly followers: readonly string[];
  /** `@writes <path>`: the file is one SELECT and its rows become this file; `{name}` is a variable. */
  readonly writes: string | undefined;
}

/** A value of a generator's calibration. */
type FactValue = string | number | boolean | readonly number[];

/** A small table: every row has a value per column. */
export interface FactTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** The calibration of a generator: `constants` become variables, `tables` become tables. */
export interface GeneratorFacts {
  readonly constants: Readonly<Record<string, FactValue>>;
  readonly tables: Readonly<Record<string, FactTable>>;
}

/** Reads the `*.sql` files of a generator folder in the order of their names. Throws HF105 where there is none. */
export async function readSteps(folder: string): Promise<GeneratorStep[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith('.sql')).sort();
  if (files.length === 0)
    throw new HoldfastError('HF105', {
      message: 'the pack has no generator',
      hint: 'use a pack with a generate folder, or bring your own data',
      place: { file: folder },
    });
  return Promise.all(
    files.map(async (name) =>
      readStep(name, path.join(folder, name), await readFile(path.join(folder, name), 'utf8')),
    ),
  );
}

function readStep(name: string, file: string, sql: string): GeneratorStep {
  const directives = [...sql.matchAll(/^--\s*@(\w+)\s+(.+)$/gm)].map((match) => ({
    name: match[1] ?? '',
    value: (match[2] ?? '').trim(),
  }));
  const unknown = directives.find(
    (directive) => !['each', 'each_apart', 'with', 'writes'].includes(directive.name),
  );
  if (unknown !== undefined)
    throw new HoldfastError('HF402', {
      message: `@${unknown.name} is no directive of a generator`,
      hint: 'use @each, @each_apart, @with or @writes',
      place: { file },
    });
  const valueOf = (key: string): string | undefined => directives.find((entry) => entry.name === key)?.value;
  return {
    name,
    file,
    sql,
    each: valueOf('each') ?? valueOf('each_apart'),
    apart: valueOf('each_apart') !== undefined,
    followers: directives.filter((entry) => entry.name === 'with').map((entry) => entry.value),
    writes: valueOf('writes'),
  };
}

/** Reads `facts.yaml` of a generator folder; a missing file means no facts. Throws HF104 and HF106. */
export async function readFacts(folder: string): Promise<GeneratorFacts> {
  const file = path.join(folder, 'facts.yaml');
  const text = await readFile(file, 'utf8').catch(() => '');
  let content: unknown;
  try {
    content = parse(text) ?? {};
  } catch (cause) {
    throw new HoldfastError('HF104', {
      message: 'the generator facts are not valid YAML',
      hint: cause instanceof Error ? cause.message : String(cause),
      place: { file },
      cause,
    });
  }
  const facts = content as Partial<GeneratorFacts>;
  const tables = facts.tables ?? {};
  for (const [name, table] of Object.entries(tables)) checkTable(name, table, file);
  return { constants: facts.constants ?? {}, tables };
}

function checkTable(name: string, table: Partial<FactTable>, file: string): void {
  const { columns, rows } = table;
  const width = Array.isArray(columns) ? columns.length : 0;
  const isFilled = Array.isArray(rows) && rows.length > 0;
  if (width > 0 && isFilled && rows.every((row: unknown) => Array.isArray(row) && row.length === width))
    return;
  throw new HoldfastError('HF106', {
    message: `table ${name} is not made of columns and of rows with a value for each`,
    hint: 'write columns as a list of names and rows as lists of as many values',
    place: { file, field: `tables.${name}` },
  });
}
