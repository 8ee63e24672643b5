/** What in a statement makes a row of its result depend on more than one row that it reads. */
import type { FunctionFacts } from './stability.ts';
import { childrenOf, isNode, type Node, nodesOf, text } from './tree.ts';

/** The constructs in words, sorted and without repetition; empty where every row is made of one row alone. */
export function collectAcrossRows(tree: unknown, { aggregates }: FunctionFacts): string[] {
  const found = new Set<string>();
  const visit = (node: Node): void => {
    for (const construct of constructsOf(node, aggregates)) found.add(construct);
    for (const child of childrenOf(node)) visit(child);
  };
  for (const node of childrenOf(tree)) visit(node);
  return [...found].sort();
}

function constructsOf(node: Node, aggregates: ReadonlySet<string>): string[] {
  const name = text(node['function_name']).toLowerCase();
  switch (node['class']) {
    case 'WINDOW':
      return [`the window function ${name}()`];
    case 'SUBQUERY':
      return ['a subquery within an expression'];
    case 'FUNCTION':
      return aggregates.has(name) ? [`the aggregate ${name}()`] : name === 'unnest' ? ['unnest()'] : [];
    default:
      return relationConstructs(node);
  }
}

function relationConstructs(node: Node): string[] {
  switch (node['type']) {
    case 'JOIN':
      return ['a join'];
    case 'TABLE_FUNCTION':
      return ['a table function'];
    case 'PIVOT':
      return ['a pivot'];
    case 'SET_OPERATION_NODE':
    case 'RECURSIVE_CTE_NODE':
      return ['a union of queries'];
    case 'SELECT_NODE':
      return [
        ...(nodesOf(node['group_expressions']).length > 0 || node['aggregate_handling'] === 'FORCE_AGGREGATES'
          ? ['GROUP BY']
          : []),
        ...(isNode(node['sample']) ? ['a sample'] : []),
        ...nodesOf(node['modifiers']).flatMap((modifier) => {
          const kind = text(modifier['type']);
          return kind === 'DISTINCT_MODIFIER' ? ['DISTINCT'] : kind.startsWith('LIMIT') ? ['LIMIT'] : [];
        }),
      ];
    default:
      return [];
  }
}
