import type { References } from '../engine.ts';
import { isNode, type Node, text } from './tree.ts';

/**
 * Collects the tables and table functions of a statement from the tree of `json_serialize_sql`.
 * An unqualified name is a CTE where one of that name is in scope.
 */
export function collectReferences(tree: unknown): References {
  const tables = new Set<string>();
  const tableFunctions = new Set<string>();

  const visit = (value: unknown, scope: ReadonlySet<string>): void => {
    if (Array.isArray(value)) {
      for (const item of value) visit(item, scope);
      return;
    }
    if (!isNode(value)) return;
    const inner = new Set(scope);
    for (const name of cteNames(value)) inner.add(name);
    if (value['type'] === 'BASE_TABLE') {
      const schema = text(value['schema_name']);
      const name = text(value['table_name']);
      if (schema !== '') tables.add(`${schema}.${name}`);
      // DuckDB reads "x.csv" as a file wherever the CTE of that name is not yet in scope, as in its own body.
      else if (name.includes('.') || !inner.has(name.toLowerCase())) tables.add(name);
    }
    if (value['type'] === 'TABLE_FUNCTION' && isNode(value['function']))
      tableFunctions.add(text(value['function']['function_name']));
    for (const child of Object.values(value)) visit(child, inner);
  };

  visit(tree, new Set());
  return { tables: [...tables].sort(), tableFunctions: [...tableFunctions].sort() };
}

function cteNames(node: Node): string[] {
  const map = node['cte_map'];
  if (!isNode(map) || !Array.isArray(map['map'])) return [];
  return map['map'].filter(isNode).map((entry) => text(entry['key']).toLowerCase());
}
