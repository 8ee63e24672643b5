/** Brings a file to where it can be read: out of its zip or gzip file, and into UTF-8. */
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { nearestWord } from '../kernel/index.ts';
import type { SourceFormat } from '../pack/index.ts';
import { kindOf, readHead, refuseNoText } from './file-kind.ts';
import { unreadable } from './refusal.ts';
import { decoderOf, type Encoding, encodingByMark, encodingByZeros, findEncoding, toUtf8 } from './text.ts';
import { isWorkbook, openWorkbook, type Workbook } from './workbook.ts';
import { type ZipMember, zipMembers } from './zip.ts';

/** A file being read. */
export interface Delivered {
  readonly path: string;
  /** How messages name it. */
  readonly name: string;
  /** A folder of its own for what is made of the file; made when asked for. */
  readonly folder: () => Promise<string>;
}

export type Staged =
  | {
      readonly kind: 'csv' | 'json';
      readonly path: string;
      readonly encoding: Encoding;
      readonly notes: readonly string[];
    }
  | { readonly kind: 'parquet'; readonly path: string; readonly notes: readonly string[] }
  | { readonly kind: 'excel'; readonly workbook: Workbook; readonly notes: readonly string[] };

/**
 * Unpacks a file and converts its text. Where no encoding is stated, `findsEncoding` says whether to look for
 * it or to refuse what is not UTF-8 by its first bytes. HF202, HF206 for what is no table.
 */
export async function stage(
  delivered: Delivered,
  format: SourceFormat,
  findsEncoding: boolean,
): Promise<Staged> {
  const { name } = delivered;
  const notes: string[] = [];
  let file = delivered.path;
  let head = await readHead(file);
  let kind = kindOf(file, name, head);
  if (kind === 'gzip') {
    file = path.join(await delivered.folder(), path.basename(file).replace(/(?:\.gz)?$/i, ''));
    await unpack(name, () => createReadStream(delivered.path).pipe(createGunzip()), file);
  } else if (kind === 'zip') {
    const members = await zipMembers(file, name);
    if (isWorkbook(members)) return stageWorkbook(members, name, format, notes);
    const member = chooseMember(members, name, format.member);
    if (member.name !== format.member) notes.push(`read ${member.name} in the zip file`);
    file = path.join(await delivered.folder(), `member${path.extname(member.name).toLowerCase()}`);
    await unpack(name, () => member.stream(), file);
  } else if (format.member !== undefined)
    throw unreadable(name, 'it is no zip file, so that it has no members', 'leave out format.member');
  if (kind === 'gzip' || kind === 'zip') {
    head = await readHead(file);
    kind = kindOf(file, name, head);
    if (kind === 'gzip') throw unreadable(name, 'it is packed twice', 'pack it once');
    if (kind === 'zip') {
      const members = await zipMembers(file, name);
      if (!isWorkbook(members)) throw unreadable(name, 'it is packed twice', 'pack it once');
      return stageWorkbook(members, name, format, notes);
    }
  }
  const stated = format.kind;
  if (stated === 'excel' || (stated !== undefined && (stated === 'parquet') !== (kind === 'parquet')))
    throw unreadable(
      name,
      `format.kind says ${stated}, and it is ${kind}`,
      'correct format.kind of the source',
    );
  if (kind === 'parquet') return { kind, path: file, notes };
  const textKind = stated === 'json' || stated === 'csv' ? stated : (kind as 'csv' | 'json');
  return {
    kind: textKind,
    ...(await stageText(delivered, file, head, textKind, format, findsEncoding, notes)),
    notes,
  };
}

async function stageWorkbook(
  members: readonly ZipMember[],
  name: string,
  format: SourceFormat,
  notes: readonly string[],
): Promise<Staged> {
  if (format.kind !== undefined && format.kind !== 'excel')
    throw unreadable(
      name,
      `format.kind says ${format.kind}, and it is excel`,
      'correct format.kind of the source',
    );
  return { kind: 'excel', workbook: await openWorkbook(members, name), notes };
}

async function unpack(
  name: string,
  open: () => NodeJS.ReadableStream | Promise<NodeJS.ReadableStream>,
  to: string,
): Promise<void> {
  try {
    await pipeline(await open(), createWriteStream(to));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_'))
      throw unreadable(name, 'it is damaged or cut short', 'deliver the whole file again');
    throw cause;
  }
}

const TABLE_NAMES = /\.(?:csv|tsv|txt|parquet|json|ndjson|jsonl|xlsx|xlsm)$/i;

/** The member that is stated, else the only one that may be a table, else the only CSV file. */
function chooseMember(all: readonly ZipMember[], name: string, stated: string | undefined): ZipMember {
  const members = all.filter((member) => !/(?:^|\/)(?:\.|__MACOSX\/)/.test(member.name));
  const names = members.map((member) => member.name);
  const listed = names.slice(0, 8).join(', ') + (names.length > 8 ? ', ...' : '');
  if (stated !== undefined) {
    const member = members.find((candidate) => candidate.name === stated);
    if (member !== undefined) return member;
    const near = nearestWord(stated, names);
    throw unreadable(
      name,
      `the zip file has no member ${stated}; it has ${listed}`,
      near === undefined ? 'correct format.member of the source' : `is it the member ${near}?`,
    );
  }
  if (members.length === 0) throw unreadable(name, 'the zip file is empty', 'deliver the file again');
  if (names.includes('content.xml') && names.includes('mimetype'))
    throw unreadable(name, 'it is an OpenDocument file', 'save it as .xlsx or CSV and deliver that');
  const tables = members.filter((member) => TABLE_NAMES.test(member.name));
  const csv = tables.filter((member) => /\.csv$/i.test(member.name));
  const [only] = tables.length === 1 ? tables : csv.length === 1 ? csv : members.length === 1 ? members : [];
  if (only !== undefined) return only;
  throw unreadable(
    name,
    tables.length === 0
      ? `the zip file has no table in it, but ${listed}`
      : `the zip file has several tables: ${listed}`,
    'state the one to read as format.member, or pack one file alone',
  );
}

async function stageText(
  { name, folder }: Delivered,
  file: string,
  head: Buffer,
  kind: 'csv' | 'json',
  format: SourceFormat,
  findsEncoding: boolean,
  notes: string[],
): Promise<{ path: string; encoding: Encoding }> {
  const byBytes = encodingByMark(head) ?? encodingByZeros(head);
  const encoding = format.encoding ?? (findsEncoding ? await findEncoding(file) : 'utf-8');
  if (format.encoding === undefined && byBytes?.startsWith('utf-16') === true && encoding === 'utf-8')
    throw unreadable(
      name,
      'it is UTF-16 text',
      `expected CSV text in UTF-8 with a header line; deliver it so, or state format: { encoding: ${byBytes} } of the source`,
    );
  const isMarked = byBytes === 'utf-8';
  if (encoding !== 'utf-8' || isMarked)
    notes.push(encoding === 'utf-8' ? 'has a BOM' : `its encoding is ${encoding}`);
  refuseNoText(name, decoderOf(encoding).decode(head.subarray(0, 4096), { stream: true }));
  // DuckDB passes over a BOM in CSV, not in JSON.
  if (encoding === 'utf-8' && !(isMarked && kind === 'json')) return { path: file, encoding };
  const converted = path.join(await folder(), `utf-8.${kind}`);
  await toUtf8(file, encoding, converted);
  return { path: converted, encoding };
}

/** Whether a file holds nothing but the given number of bytes. */
export const isWholeFile = async (file: string, bytes: number): Promise<boolean> =>
  (await stat(file)).size <= bytes;
