/** Where the columns of a statement come from, as an engine reads it off its own syntax tree. */
/** A column of a table that a statement reads. `*` stands for the rows themselves, as in `count(*)`. */
export interface ColumnSource {
  /** `layer.table`. */
  readonly table: string;
  readonly column: string;
}

/** An aggregate or window that a value went through: it says something of several rows. */
export interface Pooling {
  /** Such as `avg` or `lead`. */
  readonly function: string;
  /** The columns by which rows are grouped or partitioned; empty where all rows are one group. */
  readonly by: readonly ColumnSource[];
  /** Rows later in the window's order count too: no order at all, `lead`, or a frame that reaches ahead. */
  readonly looksAhead: boolean;
}

/** What a value is made of. */
export interface Origin {
  readonly sources: readonly ColumnSource[];
  readonly pools: readonly Pooling[];
  /** Functions whose result depends on the clock, on chance or on the session. */
  readonly unstable: readonly string[];
}

export interface OutputColumn extends Origin {
  readonly name: string;
}

export interface Lineage {
  readonly columns: readonly OutputColumn[];
  /** Unstable functions anywhere in the statement, filters and joins included; `sample` for sampled rows. */
  readonly unstable: readonly string[];
}

/** Columns of the tables that a statement may read, by table; what `*` stands for. */
export type KnownColumns = Readonly<Record<string, readonly string[]>>;
