import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Engine, openDuckDb } from '../engine/index.ts';
import { findNumberStyle } from './numbers.ts';
import { valueCast, type ValueStyle } from './value-cast.ts';

const styleOf = (values: readonly string[], delimiter = ';'): unknown =>
  findNumberStyle(
    values.map((value) => [value]),
    delimiter,
  ).style;

describe('the style of numbers', () => {
  test.each<[string[], unknown]>([
    [['1', '2.5'], { decimal: '.' }],
    [['1', '2,5'], { decimal: ',' }],
    [['1.234,56', '7,00'], { decimal: ',', thousands: '.' }],
    [['1,234.56', '7.00'], { decimal: '.', thousands: ',' }],
    [['1 234,56', '7,00'], { decimal: ',', thousands: ' ' }],
    [['1\u00A0234.56', '7.00'], { decimal: '.', thousands: ' ' }],
    [["1'234.50", '7.00'], { decimal: '.', thousands: "'" }],
    [['-1.234.567,8', '0,5'], { decimal: ',', thousands: '.' }],
    [['01.02.2024', '31.12.2024'], { decimal: '.' }],
    [['030 123 456', '040 555 777'], { decimal: '.' }],
    [['2024-01-02', 'a,b'], { decimal: '.' }],
  ])('of %j', (values, style) => {
    expect(styleOf(values)).toEqual(style);
  });

  test('of 1,234 depends on what separates the fields, and is unsure', () => {
    expect(styleOf(['1,234', '5,678'], ',')).toEqual({ decimal: '.', thousands: ',' });
    expect(styleOf(['1,234', '5,678'], ';')).toEqual({ decimal: ',' });
    expect(findNumberStyle([['1,234']], ';').isUnsure).toBe(true);
    expect(findNumberStyle([['1,25']], ';').isUnsure).toBe(false);
  });
});

describe('a value as its declared type', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await openDuckDb();
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  const GERMAN: ValueStyle = { decimal: ',', thousands: '.' };
  test.each<[string, string, ValueStyle, unknown]>([
    ['4.5', 'DOUBLE', {}, 4.5],
    ['4.0', 'INTEGER', {}, 4],
    ['4.5', 'INTEGER', {}, null],
    ['12345678901.00', 'BIGINT', {}, 12345678901],
    ['1e3', 'INTEGER', {}, 1000],
    ['4,5', 'DOUBLE', {}, null],
    ['1.234,56', 'DOUBLE', GERMAN, 1234.56],
    ['-1.234.567', 'INTEGER', GERMAN, -1234567],
    ['4,0', 'INTEGER', GERMAN, 4],
    ['4,5', 'INTEGER', GERMAN, null],
    // A point that groups no three digits may be a decimal point: better nothing than a tenfold value.
    ['1.5', 'DOUBLE', GERMAN, null],
    ['1.5', 'DOUBLE', { decimal: ',' }, null],
    [' 7,25 ', 'DOUBLE', GERMAN, 7.25],
    ['1,5E3', 'DOUBLE', GERMAN, 1500],
    ['1,234.56', 'DOUBLE', { thousands: ',' }, 1234.56],
    ['1\u202F234,5', 'DOUBLE', { decimal: ',', thousands: ' ' }, 1234.5],
    ['1\u2019234.5', 'DOUBLE', { thousands: "'" }, 1234.5],
    ['2024-01-31', 'DATE', {}, '2024-01-31'],
    ['31.01.2024', 'DATE', {}, null],
    ['31.01.2024', 'DATE', { dateFormats: '%d.%m.%Y' }, '2024-01-31'],
    ['2024-01-31', 'DATE', { dateFormats: '%d.%m.%Y' }, '2024-01-31'],
    ['1/2/24', 'DATE', { dateFormats: ['%d.%m.%Y', '%d/%m/%y'] }, '2024-02-01'],
    ['31.02.2024', 'DATE', { dateFormats: '%d.%m.%Y' }, null],
    ['31.01.2024 08:30', 'TIMESTAMP', { dateFormats: '%d.%m.%Y %H:%M' }, '2024-01-31T08:30:00.000Z'],
    ['1.234,5', 'STRING', GERMAN, '1.234,5'],
  ])('%s as %s in the style %j', async (value, type, style, expected) => {
    const [row] = await engine.rows(
      `SELECT ${valueCast(engine, 'v', type, true, style)} AS value FROM (SELECT ${engine.literal(value)} AS v)`,
    );
    const got = row?.['value'];
    expect(typeof got === 'bigint' ? Number(got) : got).toEqual(expected);
  });
});
