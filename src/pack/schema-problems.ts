/** Turns what a schema objects to into sentences with a key path and the nearest known key. */
import { z } from 'zod';
import { nearestWord } from '../kernel/index.ts';
import type { KeyPath } from './yaml-file.ts';

export interface SchemaProblem {
  readonly kind: 'unknown_key' | 'value';
  readonly path: KeyPath;
  /** What is wrong and what was expected, without the path. */
  readonly message: string;
  /** What to do. */
  readonly hint: string | undefined;
}

/** The part of JSON Schema that is looked at here. */
interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode | boolean;
  readonly prefixItems?: readonly SchemaNode[];
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

type Issue = z.core.$ZodIssue;

/** A key path as people write it: `tiers.ladder[0].horizon`. */
export function formatKeyPath(path: KeyPath): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  );
}

/** Explains every issue that `schema` found in `value`. */
export function explainIssues(schema: z.ZodType, value: unknown, issues: readonly Issue[]): SchemaProblem[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SchemaNode;
  return issues.flatMap((issue) => explain(issue, [], root, value));
}

function explain(issue: Issue, prefix: KeyPath, root: SchemaNode, value: unknown): SchemaProblem[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(root, path);
    return issue.keys.map((key) => unknownKey(path, key, known));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const branch = nearestBranch(issue.errors);
    if (branch !== undefined) return branch.flatMap((inner) => explain(inner, path, root, value));
  }
  const description = schemasAt(root, path).find((node) => node.description !== undefined)?.description;
  const given = valueAt(value, path);
  return [
    {
      kind: 'value',
      path,
      message: sentence(issue, given),
      hint: description === undefined ? undefined : `${formatKeyPath(path)}: ${description}`,
    },
  ];
}

function unknownKey(path: KeyPath, key: string, known: readonly string[]): SchemaProblem {
  const nearest = nearestWord(key, known);
  return {
    kind: 'unknown_key',
    path: [...path, key],
    message: `the key is unknown`,
    hint:
      nearest !== undefined
        ? `did you mean ${nearest}?`
        : known.length > 0
          ? `known keys here are ${[...known].sort().join(', ')}`
          : undefined,
  };
}

/**
 * Of the alternatives of a union, the one the user most likely meant: the one whose complaint lies
 * deepest. Undefined where all of them refuse the value as a whole.
 */
function nearestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (issues: readonly Issue[]): number =>
    Math.min(...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)));
  const ranked = branches
    .filter((issues) => issues.length > 0 && depth(issues) > 0)
    .sort((a, b) => a.length - b.length || depth(b) - depth(a));
  return ranked[0];
}

function sentence(issue: Issue, given: unknown): string {
  if (given === undefined && issue.code !== 'invalid_key') return `is missing: ${expectation(issue)}`;
  if (issue.code === 'custom') return issue.message;
  return `${expectation(issue)}, found ${shownValue(given)}`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
  tuple: 'a list',
  date: 'a date',
};

function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${TYPE_WORDS[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `expected ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `expected a number ${issue.inclusive === false ? 'above' : 'of at least'} ${issue.minimum}`
        : `expected at least ${issue.minimum} ${countable(issue.origin)}`;
    case 'too_big':
      return issue.origin === 'number' || issue.origin === 'int'
        ? `expected a number ${issue.inclusive === false ? 'below' : 'of at most'} ${issue.maximum}`
        : `expected at most ${issue.maximum} ${countable(issue.origin)}`;
    case 'invalid_format':
      return issue.format === 'date'
        ? 'expected a date of the form YYYY-MM-DD'
        : `expected ${lowerFirst(issue.message)}`;
    case 'invalid_key':
      return `expected a key of the form ${issue.issues[0]?.message ?? 'that the schema states'}`;
    case 'invalid_union':
      return 'expected one of the documented forms';
    default:
      return lowerFirst(issue.message.replace(/^Invalid input: /, ''));
  }
}

function countable(origin: string): string {
  return origin === 'string' ? 'characters' : 'entries';
}

function shownValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function valueAt(value: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      inner !== null && typeof inner === 'object' ? (inner as Record<PropertyKey, unknown>)[step] : undefined,
    value,
  );
}

/** The keys a mapping at `path` may have. */
function knownKeys(root: SchemaNode, path: KeyPath): string[] {
  return [...new Set(schemasAt(root, path).flatMap((node) => Object.keys(node.properties ?? {})))];
}

/** Every schema that may apply at a path; the alternatives of a union side by side. */
function schemasAt(root: SchemaNode, path: KeyPath): SchemaNode[] {
  return path.reduce<SchemaNode[]>(
    (nodes, step) => nodes.flatMap((node) => childrenOf(node, step)).flatMap(alternatives),
    alternatives(root),
  );
}

function alternatives(node: SchemaNode): SchemaNode[] {
  return [node, ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap(alternatives)];
}

function childrenOf(node: SchemaNode, step: PropertyKey): SchemaNode[] {
  const named = node.properties?.[String(step)];
  const candidates =
    typeof step === 'number'
      ? [node.prefixItems?.[step] ?? node.items]
      : [named ?? node.additionalProperties];
  return candidates.filter((child): child is SchemaNode => typeof child === 'object');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
