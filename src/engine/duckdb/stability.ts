/** Functions whose result is not decided by their arguments. */
import { childrenOf, isNode, type Node, nodesOf, text } from './tree.ts';

/** What DuckDB's own catalogue says of its functions. */
export interface FunctionFacts {
  readonly aggregates: ReadonlySet<string>;
  readonly unstable: ReadonlySet<string>;
}

/** Rows (function_name, function_type, stability) of the catalogue. */
export const FUNCTIONS_QUERY =
  "SELECT DISTINCT function_name AS name, function_type = 'aggregate' AS is_aggregate FROM duckdb_functions() " +
  "WHERE function_type = 'aggregate' OR stability <> 'CONSISTENT'";

/** Words that stand without parentheses. */
const KEYWORDS = [
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
  'current_user',
  'session_user',
];
/** It samples, although the catalogue calls it consistent. */
const SAMPLING = 'reservoir_quantile';

export function functionFacts(rows: readonly { name: string; isAggregate: boolean }[]): FunctionFacts {
  const names = (isAggregate: boolean): string[] =>
    rows.filter((row) => row.isAggregate === isAggregate).map(({ name }) => name);
  return {
    aggregates: new Set(names(true)),
    unstable: new Set([...names(false), ...KEYWORDS, SAMPLING]),
  };
}

/** The name of an unstable function call; `age` of one argument counts from today. */
export function unstableName(node: Node, { unstable }: FunctionFacts): string | undefined {
  const name = text(node['function_name']);
  if (name === 'age' && nodesOf(node['children']).length === 1) return name;
  return unstable.has(name) ? name : undefined;
}

/** Unstable functions anywhere in a tree, sorted; `sample` where rows are drawn. */
export function collectUnstable(tree: unknown, facts: FunctionFacts): string[] {
  const found = new Set<string>();
  const visit = (node: Node): void => {
    const name = node['class'] === 'FUNCTION' ? unstableName(node, facts) : undefined;
    if (name !== undefined) found.add(name);
    const words = node['class'] === 'COLUMN_REF' ? node['column_names'] : undefined;
    if (Array.isArray(words) && words.length === 1 && KEYWORDS.includes(text(words[0]).toLowerCase()))
      found.add(text(words[0]).toLowerCase());
    if (isNode(node['sample'])) found.add('sample');
    for (const child of childrenOf(node)) visit(child);
  };
  for (const node of childrenOf(tree)) visit(node);
  return [...found].sort();
}
