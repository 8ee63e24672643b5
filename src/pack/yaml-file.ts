/** YAML files as values that still know the line each key stands on. */
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { HoldfastError } from '../kernel/index.ts';

/** Where a value lies in a YAML file: keys and list positions from the top. */
export type KeyPath = readonly PropertyKey[];

export interface YamlFile {
  /** The path as shown to people. */
  readonly path: string;
  /** The content as plain values; an empty file is an empty mapping. */
  readonly value: unknown;
  /** 1-based line of the key (or list item) at a path; of its nearest parent where it is not there. */
  lineOf(path: KeyPath): number | undefined;
}

/** A path as people know it: relative to the current folder where it lies inside, absolute otherwise. */
export function shownPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere === '' || fromHere.startsWith('..') ? path : fromHere;
}

/** Reads a text file, or gives undefined where there is none. Other failures are thrown as they are. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Parses one YAML document. Throws HF104 with file and line where the text is not YAML. */
export function parseYaml(text: string, path: string): YamlFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) {
    throw new HoldfastError('HF104', {
      message: `this is not valid YAML: ${lowerFirst(problem.message)}`,
      hint: 'correct the line; indentation, quotes and the colon after a key are the usual causes',
      place: { file: path, line: lineCounter.linePos(problem.pos[0]).line },
      cause: problem,
    });
  }
  return {
    path,
    value: plainValue(document, path),
    lineOf: (keyPath) => lineOf(document, lineCounter, keyPath),
  };
}

function plainValue(document: Document.Parsed, path: string): unknown {
  try {
    return (document.toJS() as unknown) ?? {};
  } catch (cause) {
    throw new HoldfastError('HF104', {
      message: 'the aliases of this YAML file cannot be resolved',
      hint: 'write the values out instead of using anchors and aliases',
      place: { file: path },
      cause,
    });
  }
}

function lineOf(document: Document.Parsed, lines: LineCounter, path: KeyPath): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (pair === undefined) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset === undefined ? undefined : lines.linePos(offset).line;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
