import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERROR_CODES } from '../../src/kernel/index.ts';
import { generatedDocuments } from '../../tools/generate-docs.ts';

const ROOT = join(import.meta.dirname, '../..');

describe('generated documents', async () => {
  const documents = await generatedDocuments();

  it.each(Object.keys(documents))('%s is up to date', async (path) => {
    const text = await readFile(join(ROOT, path), 'utf8').catch(() => '');
    expect(text, 'run: npm run docs').toBe(documents[path]);
  });
});

describe('the page of error codes', async () => {
  const page = await readFile(join(ROOT, 'docs/reference/errors.md'), 'utf8');
  const rows = page
    .split('\n')
    .filter((line) => /^\| HF\d+ /.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));

  it('has a row for every code, in the order of the catalogue, with meaning, exit code and status', () => {
    expect(rows.map(([, code, meaning, exit, http]) => ({ code, meaning, exit, http }))).toEqual(
      Object.entries(ERROR_CODES).map(([code, { title, exitCode, httpStatus }]) => ({
        code,
        meaning: title,
        exit: String(exitCode),
        http: String(httpStatus),
      })),
    );
  });

  it('says what to do about every code', () => {
    for (const [, code, , , , whatToDo] of rows) expect(whatToDo, code).not.toBe('');
  });
});
