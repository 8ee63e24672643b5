/** Walking the tree of `json_serialize_sql`, whose shape only DuckDB knows. */
export type Node = Readonly<Record<string, unknown>>;

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The nodes of a list; empty for anything else. */
export const nodesOf = (value: unknown): Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

/** The nodes right below a node, and below the lists and plain objects it holds; the node itself for a node alone. */
export function childrenOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap((item) => (isNode(item) ? [item] : childrenOf(item)));
  if (!isNode(value)) return [];
  return Object.values(value).flatMap((child) => (isNode(child) ? [child] : childrenOf(child)));
}
