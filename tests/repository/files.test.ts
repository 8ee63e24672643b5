/** What every file of the repository keeps to. */
import { parseSqlFile } from '../../src/pack/sql-file.ts';
import { describe, expect, it } from 'vitest';
import { isTest, repositoryFiles, textOfFile } from './tree.ts';

const LINES_AT_MOST = 400;
const FILES = repositoryFiles();
/** Written by tools for tools. */
const NOT_READ_BY_PEOPLE = ['package-lock.json'];

/** `path:line: text` of every line that a pattern finds. */
function linesWith(pattern: RegExp, files: readonly string[]): string[] {
  return files.flatMap((file) =>
    textOfFile(file)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${String(index + 1)}: ${line.trim()}`] : [])),
  );
}

/** A pattern for a word that this file must not hold itself. */
const split = (...parts: string[]): RegExp => new RegExp(parts.join(''));

describe('source files', () => {
  it(`have at most ${String(LINES_AT_MOST)} lines`, () => {
    const long = FILES.filter((file) => /^(src|tools|bench)\/.*\.(ts|mjs|sql)$/.test(file))
      .map((file) => ({ file, lines: textOfFile(file).split('\n').length - 1 }))
      .filter(({ lines }) => lines > LINES_AT_MOST);
    expect(long).toEqual([]);
  });

  it('have names in kebab-case', () => {
    const odd = FILES.filter((file) => /^(src|tools|bench|tests)\/.*\.(ts|mjs)$/.test(file)).filter(
      (file) => !/^([a-z0-9-]+\/)+[a-z0-9-]+(\.test)?\.(ts|mjs)$/.test(file),
    );
    expect(odd).toEqual([]);
  });

  it('export by name only', () => {
    const files = FILES.filter((file) => /^(src|tools|bench|tests)\/.*\.ts$/.test(file));
    expect(linesWith(/^export default\b|^export \* from/, files)).toEqual([]);
  });
});

describe('SQL files of packs', () => {
  const sqlFiles = FILES.filter((file) => /^packs\/[^/]+\/sql\/.*\.sql$/.test(file));

  it('are there', () => {
    expect(sqlFiles.length).toBeGreaterThan(4);
  });

  it.each(sqlFiles)('%s is named after its table, says what it is and ends with its last CTE', (file) => {
    const [, layer, table] =
      /^packs\/[^/]+\/sql\/(bronze|silver|gold)\/([a-z][a-z0-9_]*)\.sql$/.exec(file) ?? [];
    expect(layer, 'the path is sql/<layer>/<table>.sql').toBeDefined();
    const text = textOfFile(file);
    const { header } = parseSqlFile(`${String(layer)}.${String(table)}`, file, file, text);
    for (const part of [header.grain, header.owner, header.description]) expect(part).not.toBe('');
    expect(header.keys).not.toEqual([]);
    const lastCte = [...text.matchAll(/^(?:WITH )?([a-z_]+) AS \($/gm)].at(-1)?.[1];
    expect(text.trimEnd().split('\n').at(-1)).toBe(`SELECT * FROM ${String(lastCte)}`);
  });
});

describe('the repository', () => {
  const texts = FILES.filter(
    (file) =>
      /\.(ts|mjs|js|json|md|sql|ya?ml|py|txt)$|^(bin|\.ci)\//.test(file) &&
      !NOT_READ_BY_PEOPLE.includes(file),
  );

  it('names no package registry, which is the business of whoever installs it', () => {
    const registries = split('registry\\.npm', 'js|files\\.python', 'hosted|pypi', '\\.org/simple');
    expect(linesWith(registries, [...texts, 'package-lock.json'])).toEqual([]);
  });

  it('has no absolute path of a machine', () => {
    expect(linesWith(split('(^|[\\s"\'`(=:])/(home|root|Us', 'ers|work|mnt)/[a-z]'), texts)).toEqual([]);
  });

  it('leaves nothing for later in its files', () => {
    expect(linesWith(split('\\b(TO', 'DO|FIX', 'ME|XX', 'X)\\b'), texts)).toEqual([]);
  });

  it('turns no rule off and casts nothing to any', () => {
    const escapes = split(
      'eslint-dis',
      'able|@ts-ig',
      'nore|@ts-ex',
      'pect-error|\\bas a',
      'ny\\b|prettier-ig',
      'nore',
    );
    const sources = texts.filter((file) => /\.(ts|mjs|js)$/.test(file));
    expect(linesWith(escapes, sources)).toEqual([]);
  });

  it('runs all of its tests, and says why where one cannot', () => {
    const tests = texts.filter((file) => file.endsWith('.ts') && isTest(file));
    expect(linesWith(split('\\b(describe|it|test)\\.on', 'ly\\b'), tests)).toEqual([]);
    // `skipIf` needs a condition, which is a reason; a bare skip needs a comment above it.
    const bare = tests.flatMap((file) => {
      const lines = textOfFile(file).split('\n');
      return lines.flatMap((line, index) =>
        split('\\b(describe|it|test)\\.(sk', 'ip|to', 'do)\\(').test(line) &&
        !/^\s*(\/\/|\*)/.test(lines[index - 1] ?? '')
          ? [`${file}:${String(index + 1)}`]
          : [],
      );
    });
    expect(bare).toEqual([]);
  });
});

describe('the engine room', () => {
  const product = FILES.filter((file) => /^src\/.*\.(ts|sql)$/.test(file) && !isTest(file));
  // `contract` is not among them: the feature contract is the engine room's own word.
  const words = [
    'telco',
    'telecom',
    'broadband',
    'cease',
    'loyalty',
    'line_?speed',
    'contract_(status|dd)',
    'dd_cancel',
    'direct.debit',
    'ooc_',
    '(talk|hold)_time',
    'call_type',
    'calls_\\d',
    'usage_(daily|monthly|mom)',
    '(down|up)load_mbs?',
    'megabyte',
    'tariff',
    'fibre',
    'handset',
    'subscriber',
    'mobile',
  ];
  const trade = new RegExp(`\\b(${words.join('|')})`, 'i');
  /** The pack that is taken where none is named, in the setting that says so and in hints. */
  const defaultPack = new Set(['src/config/settings.ts', 'src/config/reference.ts', 'src/pack/load.ts']);

  it('knows no word of a trade: those live in packs', () => {
    const rooms = product.filter((file) => !file.startsWith('src/cli/'));
    const found = linesWith(trade, rooms).filter(
      (line) => !(defaultPack.has(line.split(':')[0] ?? '') && /\bbroadband\b/.test(line)),
    );
    expect(found).toEqual([]);
  });

  it('names in the examples of commands nothing but the default pack, its tables and its lists', () => {
    const found = linesWith(
      trade,
      product.filter((file) => file.startsWith('src/cli/')),
    ).filter((line) => trade.test(line.replaceAll(/\b(broadband|loyalty|silver\.calls)\b/g, '')));
    expect(found).toEqual([]);
  });
});
