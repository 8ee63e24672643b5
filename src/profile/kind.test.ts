import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, openDuckDb, textOf } from '../engine/index.ts';
import { judgeKind, type WritingHints } from './kind.ts';
import { dropStaged, stageRows } from './staged-rows.ts';
import { measureShapes } from './text-shapes.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await openDuckDb({ threads: 1 });
});
afterAll(() => engine[Symbol.asyncDispose]());

/** What a column of these texts is judged to be, and what its reading makes of each text. */
async function judge(name: string, texts: readonly (string | null)[], hints: WritingHints = {}) {
  await engine.loadTexts('texts', { [name]: texts });
  const staged = await stageRows(engine, 'texts', [{ name, type: 'VARCHAR' }]);
  const [column] = staged.columns;
  if (column === undefined) throw new Error('no column');
  const shapes = await measureShapes(staged, column);
  await dropStaged(engine);
  const judged = judgeKind(name, shapes, hints);
  const rows = await engine.rows(
    `SELECT CAST(${judged.reading.sql.replaceAll('{column}', engine.identifier(name))} AS VARCHAR) AS value FROM texts ORDER BY row_index`,
  );
  const values = rows.map((row) => (row['value'] === null ? null : textOf(row['value'])));
  return { kind: judged.kind, values, ...judged.reading, isWhole: judged.isWhole, doubts: judged.doubts };
}

describe('the kind of a column', () => {
  it.each([
    ['whole numbers', 'tenure', ['1', '20', '3'], ['1', '20', '3']],
    ['whole numbers with a nought behind the point', 'calls', ['4.0', '0.0', '12.0'], ['4', '0', '12']],
    [
      'numbers beside blanks and words for missing',
      'fee',
      ['1.5', ' ', 'NA', '2.25'],
      ['1.5', null, null, '2.25'],
    ],
    ['money as text', 'paid', ['$1,234.50', '$12.00', '$3.10'], ['1234.5', '12.0', '3.1']],
    ['decimal commas', 'fee', ['1.234,50', '12,5', '3,1'], ['1234.5', '12.5', '3.1']],
    ['percent', 'usage', ['12%', '3.5 %', '99%'], ['12.0', '3.5', '99.0']],
  ])('is numeric for %s', async (_, name, texts, values) => {
    expect(await judge(name, texts)).toMatchObject({ kind: 'numeric', values });
  });

  it.each([
    ['the year first', ['2024-01-31', '2023-12-01 10:00:00'], ['2024-01-31', '2023-12-01']],
    ['the day first', ['31/01/2024', '1/12/2023'], ['2024-01-31', '2023-12-01']],
    ['the month first', ['01/31/2024', '12/1/2023'], ['2024-01-31', '2023-12-01']],
    ['points', ['31.01.2024', '01.12.2023'], ['2024-01-31', '2023-12-01']],
    ['both ways', ['31/01/2024', '2023-12-01'], ['2024-01-31', '2023-12-01']],
    ['eight digits', ['20240131', '20231201'], ['2024-01-31', '2023-12-01']],
    ['the name of the month', ['31 Jan 2024', '1-Dec-2023'], ['2024-01-31', '2023-12-01']],
  ])('is a date with %s', async (_, texts, values) => {
    expect(await judge('signup_date', texts)).toMatchObject({ kind: 'date', values });
  });

  it('says which order is assumed where dates fit both, and takes the other one by a hint', async () => {
    const texts = ['03/04/2024', '05/06/2024'];
    expect(await judge('signup', texts)).toMatchObject({
      values: ['2024-04-03', '2024-06-05'],
      doubts: [expect.stringContaining('is assumed')],
    });
    expect(await judge('signup', texts, { dayFirst: false })).toMatchObject({
      values: ['2024-03-04', '2024-05-06'],
      doubts: [],
    });
  });

  it('keeps digits as text where a nought stands in front or the name says that they are a code', async () => {
    expect(await judge('branch', ['007', '012', '113'])).toMatchObject({
      kind: 'code',
      values: ['007', '012', '113'],
    });
    expect(await judge('Zip Code', ['90210.0', '10001.0'])).toMatchObject({
      kind: 'code',
      values: ['90210', '10001'],
    });
  });

  it('takes None as a level of a service, and as missing among numbers', async () => {
    expect(await judge('internet', ['None', 'DSL', 'Fiber'])).toMatchObject({
      kind: 'category',
      values: ['None', 'DSL', 'Fiber'],
    });
    expect(await judge('visits', ['None', '1', '2'])).toMatchObject({
      kind: 'numeric',
      values: [null, '1', '2'],
      missingWords: ['None'],
    });
  });

  it('takes Unknown as missing beside blanks, and joins levels that differ by case', async () => {
    expect(await judge('region', ['North', 'north', 'Unknown', ''])).toMatchObject({
      values: ['north', 'north', null, null],
      missingWords: ['Unknown'],
    });
  });

  it('is empty without any value, and refuses dates that somebody sees where there are none', async () => {
    expect(await judge('note', ['', null, 'NA'])).toMatchObject({ kind: 'empty' });
    await expect(judge('plan', ['Basic', 'Plus'], { isDate: true })).rejects.toMatchObject({ code: 'HF207' });
  });
});
