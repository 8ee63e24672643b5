/** The parts of `pack.yaml` that say how the files of a source are written. */
import { z } from 'zod';

const strict = z.strictObject;
const oneCharacter = z.string().length(1);

/** Encodings that files of a source may have, by the names that the encoding standard of the web knows. */
const encoding = z.enum([
  'utf-8',
  'utf-16',
  'utf-16be',
  'latin-1',
  'iso-8859-2',
  'iso-8859-15',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'shift_jis',
  'gbk',
  'big5',
  'euc-kr',
]);

/** How a file is written. What is left out is the usual: UTF-8, a point, the header in line 1. */
export const SourceFormat = strict({
  kind: z
    .enum(['csv', 'parquet', 'json', 'excel'])
    .optional()
    .describe('default: what the file is named, and otherwise csv; of a zip file, what is in it'),
  delimiter: oneCharacter.optional().describe('what separates fields; default: found, of , ; tab and |'),
  decimal: z.enum(['.', ',']).optional().describe('the sign before decimals; default: a point'),
  thousands: z
    .enum([',', '.', ' ', "'"])
    .optional()
    .describe('the sign between groups of three digits; default: none'),
  encoding: encoding.optional().describe('default: utf-8; latin-1 is read as windows-1252'),
  header_line: z
    .int()
    .positive()
    .optional()
    .describe('the line (row of a sheet) with the column names; default: the first'),
  quote: oneCharacter.optional().describe('what encloses fields; default: "'),
  sheet: z.string().min(1).optional().describe('the sheet of a workbook; default: the first with a table'),
  member: z
    .string()
    .min(1)
    .optional()
    .describe('the file inside a zip file; default: the only one, or the only CSV file'),
});
export type SourceFormat = z.infer<typeof SourceFormat>;

const dateFormat = z
  .string()
  .regex(/^(?:[^%]|%-?[aAbBdfHIjmMpSyYzZ%])*%-?[dfHIjmMSyY](?:[^%]|%-?[aAbBdfHIjmMpSyYzZ%])*$/, {
    error: 'a format of dates such as %d.%m.%Y',
  });

/** One format of dates or several, tried in turn. */
export const DateFormats = z.union([dateFormat, z.array(dateFormat).min(1)]);
export type DateFormats = z.infer<typeof DateFormats>;
