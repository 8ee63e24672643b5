/**
 * Column lineage from the tree of `json_serialize_sql`: names are resolved through CTEs, subqueries and
 * joins down to the columns of tables. Filters and join conditions are not part of a column's origin.
 */
import type { ColumnSource, KnownColumns, Lineage, Origin, OutputColumn, Pooling } from '../lineage.ts';
import { collectUnstable, type FunctionFacts, unstableName } from './stability.ts';
import { childrenOf, isNode, type Node, nodesOf, text } from './tree.ts';

/** A FROM item by its name, with its columns in order. */
interface Relation {
  readonly name: string;
  readonly columns: ReadonlyMap<string, OutputColumn>;
  /** Tables whose rows it holds. */
  readonly tables: readonly string[];
  /** The table itself, whose columns may not all be known. */
  readonly table?: string;
}

type Queries = ReadonlyMap<string, readonly OutputColumn[]>;

interface Scope {
  readonly relations: readonly Relation[];
  readonly queries: Queries;
  /** Columns of the same SELECT that were named before. */
  readonly aliases: ReadonlyMap<string, Origin>;
  /** Columns by which the SELECT groups; undefined where it does not. */
  readonly groups: readonly ColumnSource[];
  readonly outer: Scope | undefined;
}

const NOTHING: Origin = { sources: [], pools: [], unstable: [] };

/** Lineage of the one statement of a tree. */
export function lineageOf(tree: unknown, known: KnownColumns, facts: FunctionFacts): Lineage {
  const statement = nodesOf(tree)[0];
  const columns = new Reader(known, facts).query(statement?.['node'], new Map(), undefined);
  return { columns, unstable: collectUnstable(tree, facts) };
}

class Reader {
  readonly #known: KnownColumns;
  readonly #facts: FunctionFacts;

  constructor(known: KnownColumns, facts: FunctionFacts) {
    this.#known = known;
    this.#facts = facts;
  }

  query(node: unknown, queries: Queries, outer: Scope | undefined): OutputColumn[] {
    if (!isNode(node)) return [];
    const inScope = this.#withCtes(node, queries, outer);
    if (node['type'] === 'SELECT_NODE') return this.#select(node, inScope, outer);
    if (node['type'] === 'RECURSIVE_CTE_NODE') {
      const first = this.query(node['left'], inScope, outer);
      const own = new Map([...inScope, [text(node['cte_name']).toLowerCase(), first]]);
      return sideBySide(first, this.query(node['right'], own, outer));
    }
    const branches = node['type'] === 'SET_OPERATION_NODE' ? nodesOf(node['children']) : [];
    const sides = branches.length > 0 ? branches : [node['left'], node['right']];
    return sides.map((side) => this.query(side, inScope, outer)).reduce(sideBySide);
  }

  #withCtes(node: Node, queries: Queries, outer: Scope | undefined): Queries {
    const map = node['cte_map'];
    if (!isNode(map)) return queries;
    const found = new Map(queries);
    for (const entry of nodesOf(map['map'])) {
      const value = entry['value'];
      if (!isNode(value) || !isNode(value['query'])) continue;
      const columns = this.query(value['query']['node'], found, outer);
      found.set(text(entry['key']).toLowerCase(), renamed(columns, value['aliases']));
    }
    return found;
  }

  #select(node: Node, queries: Queries, outer: Scope | undefined): OutputColumn[] {
    const relations = this.#relations(node['from_table'], queries, outer);
    const aliases = new Map<string, Origin>();
    const plain: Scope = { relations, queries, aliases, groups: [], outer };
    const items = nodesOf(node['select_list']);
    const scope = { ...plain, groups: this.#groups(node, items, plain) };
    return items.flatMap((item) => {
      if (item['class'] === 'STAR') return this.#star(item, scope);
      const column = { ...this.#expression(item, scope), name: nameOf(item) };
      aliases.set(column.name.toLowerCase(), column);
      return [column];
    });
  }

  #groups(node: Node, items: readonly Node[], scope: Scope): ColumnSource[] {
    const isAll = node['aggregate_handling'] === 'FORCE_AGGREGATES';
    const expressions = isAll
      ? items.filter((item) => !this.#hasAggregate(item))
      : nodesOf(node['group_expressions']);
    const named = new Map(items.map((item) => [text(item['alias']).toLowerCase(), item]));
    return expressions.flatMap((expression) => {
      const value = isNode(expression['value']) ? expression['value']['value'] : undefined;
      const byPosition = typeof value === 'number' ? items[value - 1] : undefined;
      const found = this.#expression(byPosition ?? expression, scope).sources;
      if (found.length > 0) return found;
      const item = named.get(lastName(expression).toLowerCase());
      return item === undefined ? [] : this.#expression(item, scope).sources;
    });
  }

  #hasAggregate(node: Node): boolean {
    const isAggregate =
      node['class'] === 'FUNCTION' && this.#facts.aggregates.has(text(node['function_name']));
    return isAggregate || childrenOf(node).some((child) => this.#hasAggregate(child));
  }

  #star(item: Node, scope: Scope): OutputColumn[] {
    const wanted = text(item['relation_name']).toLowerCase();
    const excluded = new Set(listOf(item['exclude_list']).map((name) => name.toLowerCase()));
    const replaced = new Map(
      nodesOf(item['replace_list']).map((entry) => [text(entry['key']).toLowerCase(), entry['value']]),
    );
    const relations = scope.relations.filter(({ name }) => wanted === '' || name === wanted);
    const seen = new Set<string>();
    return relations.flatMap(({ columns }) =>
      [...columns.values()].flatMap((column) => {
        const key = column.name.toLowerCase();
        if (excluded.has(key) || seen.has(key)) return [];
        seen.add(key);
        const instead = replaced.get(key);
        return [isNode(instead) ? { ...this.#expression(instead, scope), name: column.name } : column];
      }),
    );
  }

  #relations(node: unknown, queries: Queries, outer: Scope | undefined): Relation[] {
    if (!isNode(node)) return [];
    const alias = text(node['alias']).toLowerCase();
    switch (node['type']) {
      case 'BASE_TABLE': {
        const name = text(node['table_name']);
        const schema = text(node['schema_name']);
        const shown = alias === '' ? name.toLowerCase() : alias;
        const cte = schema === '' ? queries.get(name.toLowerCase()) : undefined;
        if (cte !== undefined) return [relation(shown, renamed(cte, node['column_name_alias']))];
        const table = schema === '' ? name : `${schema}.${name}`;
        const columns = (this.#known[table] ?? []).map((column) => ({
          ...NOTHING,
          name: column,
          sources: [{ table, column }],
        }));
        return [{ ...relation(shown, renamed(columns, node['column_name_alias'])), table, tables: [table] }];
      }
      case 'SUBQUERY': {
        const inner = isNode(node['subquery']) ? node['subquery']['node'] : undefined;
        return [relation(alias, renamed(this.query(inner, queries, outer), node['column_name_alias']))];
      }
      case 'JOIN':
        return ['left', 'right'].flatMap((side) => this.#relations(node[side], queries, outer));
      default:
        return nodesOf(node['source']).flatMap((source) => this.#relations(source, queries, outer));
    }
  }

  #expression(node: Node, scope: Scope): Origin {
    switch (node['class']) {
      case 'COLUMN_REF':
        return this.#column(listOf(node['column_names']), scope);
      case 'WINDOW':
        return this.#window(node, scope);
      case 'SUBQUERY': {
        const inner = isNode(node['subquery']) ? node['subquery']['node'] : undefined;
        const columns = this.query(inner, scope.queries, scope);
        return joined([
          ...columns,
          ...childrenOf(node['child']).map((child) => this.#expression(child, scope)),
        ]);
      }
      default: {
        const parts = childrenOf(node).map((child) => this.#expression(child, scope));
        const name = text(node['function_name']);
        if (node['class'] !== 'FUNCTION') return joined(parts);
        const unstable = unstableName(node, this.#facts);
        const own: Origin[] = unstable === undefined ? [] : [{ ...NOTHING, unstable: [unstable] }];
        if (!this.#facts.aggregates.has(name)) return joined([...parts, ...own]);
        const rows = name === 'count_star' || parts.length === 0 ? rowsOf(scope.relations) : [];
        const pool: Pooling = { function: name, by: scope.groups, looksAhead: true };
        return joined([...parts, ...own, { sources: rows, pools: [pool], unstable: [] }]);
      }
    }
  }

  #window(node: Node, scope: Scope): Origin {
    const of = (key: string): Origin =>
      joined(nodesOf(node[key]).map((child) => this.#expression(child, scope)));
    const orders = nodesOf(node['orders']).length;
    const end = text(node['end']);
    const name = text(node['function_name']);
    const looksAhead =
      orders === 0 ||
      name === 'lead' ||
      end.includes('FOLLOWING') ||
      /^(ntile|percent_rank|cume_dist)$/.test(name);
    const pool: Pooling = { function: name, by: of('partitions').sources, looksAhead };
    const values = of('children');
    const rows = values.sources.length === 0 ? rowsOf(scope.relations) : [];
    return joined([values, { sources: rows, pools: [pool], unstable: [] }]);
  }

  #column(names: readonly string[], scope: Scope): Origin {
    const lower = names.map((name) => name.toLowerCase());
    for (let from: Scope | undefined = scope; from !== undefined; from = from.outer) {
      const found = resolve(names, lower, from);
      if (found !== undefined) return found;
    }
    const [single] = lower;
    return names.length === 1 && single !== undefined && this.#facts.unstable.has(single)
      ? { ...NOTHING, unstable: [single] }
      : NOTHING;
  }
}

/** A name as one of the relations knows it: qualified, of known columns, of the same SELECT, or of the only table. */
function resolve(names: readonly string[], lower: readonly string[], scope: Scope): Origin | undefined {
  const [first = '', second = ''] = lower;
  const qualified = scope.relations.find(({ name }) => names.length > 1 && name === first);
  if (qualified !== undefined) return qualified.columns.get(second) ?? unlisted(qualified, names[1] ?? '');
  const byTable = scope.relations.find(
    ({ table }) => names.length > 2 && table?.toLowerCase() === `${first}.${second}`,
  );
  if (byTable !== undefined) return byTable.columns.get(lower[2] ?? '') ?? unlisted(byTable, names[2] ?? '');
  for (const { columns } of scope.relations) {
    const column = columns.get(first);
    if (column !== undefined) return column;
  }
  return scope.aliases.get(first);
}

function unlisted({ table, columns }: Relation, column: string): Origin {
  return table === undefined || columns.size > 0 ? NOTHING : { ...NOTHING, sources: [{ table, column }] };
}

function relation(name: string, columns: readonly OutputColumn[]): Relation {
  return {
    name,
    columns: new Map(columns.map((column) => [column.name.toLowerCase(), column])),
    tables: [...new Set(columns.flatMap(({ sources }) => sources.map(({ table }) => table)))],
  };
}

const rowsOf = (relations: readonly Relation[]): ColumnSource[] =>
  relations.flatMap(({ tables }) => tables.map((table) => ({ table, column: '*' })));

function renamed(columns: readonly OutputColumn[], names: unknown): OutputColumn[] {
  const given = listOf(names);
  return columns.map((column, index) => ({ ...column, name: given[index] ?? column.name }));
}

/** The columns of a set operation: by position, each from both sides. */
function sideBySide(left: readonly OutputColumn[], right: readonly OutputColumn[]): OutputColumn[] {
  return left.map((column, index) => ({ ...joined([column, right[index] ?? NOTHING]), name: column.name }));
}

function joined(origins: readonly Origin[]): Origin {
  const sources = new Map<string, ColumnSource>();
  const pools = new Map<string, Pooling>();
  for (const origin of origins) {
    for (const source of origin.sources) sources.set(`${source.table}.${source.column}`, source);
    for (const pool of origin.pools) pools.set(JSON.stringify(pool), pool);
  }
  return {
    sources: [...sources.values()],
    pools: [...pools.values()],
    unstable: [...new Set(origins.flatMap(({ unstable }) => unstable))],
  };
}

const listOf = (value: unknown): string[] =>
  Array.isArray(value)
    ? value.map((item: unknown) => (isNode(item) ? text(item['column'] ?? item['name']) : text(item)))
    : [];

const lastName = (node: Node): string => listOf(node['column_names']).at(-1) ?? '';

function nameOf(item: Node): string {
  const alias = text(item['alias']);
  if (alias !== '') return alias;
  return item['class'] === 'COLUMN_REF' ? lastName(item) : text(item['function_name']);
}
