/** What was found about one table: plain data that the profile measures, pages show and packs are written from. */

/** How the values of a column are read. `code`: digits that name something, such as a postcode. */
export type ColumnKind = 'numeric' | 'category' | 'code' | 'date' | 'text' | 'empty';

/** What a column is to a model of the target. */
export type ColumnRole =
  | 'target'
  | 'key'
  | 'feature'
  /** One value, or none at all. */
  | 'constant'
  /** Tells rows apart and nothing else: a second id, a phone number, a row number. */
  | 'identifier'
  | 'free_text'
  /** A category of too many levels for the rows there are. */
  | 'many_levels'
  /** Says the same as a column before it. */
  | 'copy'
  /** Written down once the outcome was known. */
  | 'after_the_fact';

/** How the texts of a column become values. */
export interface ColumnReading {
  /** SQL of the value, `{column}` standing for the column as text. */
  readonly sql: string;
  /** In words, where more is done than to trim and cast. */
  readonly says: string | null;
  /** Whether the texts are what the engine casts by itself, so that the column may be declared with its type. */
  readonly isPlain: boolean;
  /** Texts that stand for a missing value, as they are written. */
  readonly missingWords: readonly string[];
}

/** A value, how many rows have it, and how many of those are positive among those whose label is known. */
export interface ValueCount {
  readonly value: string;
  readonly rows: number;
  readonly labelled: number;
  readonly positives: number;
}

export interface NumberSummary {
  readonly least: number;
  readonly most: number;
  readonly mean: number;
  readonly deviation: number;
  /** At 1, 25, 50, 75 and 99 %. */
  readonly quantiles: readonly number[];
  readonly isWhole: boolean;
}

/** Equal steps from the 1 % to the 99 % quantile; the first and last bin take what lies beyond. */
export interface HistogramBin {
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly labelled: number;
  readonly positives: number;
}

export interface DateSummary {
  /** `YYYY-MM-DD`. */
  readonly first: string;
  readonly last: string;
  /** Rows by month, in the order of time. */
  readonly months: readonly { readonly month: string; readonly rows: number }[];
}

/** How far a column alone tells the classes apart: areas under the ROC curve from .5 to 1, null where unknown. */
export interface ColumnSeparation {
  readonly byValue: number | null;
  readonly byBand: number | null;
  readonly byMissing: number | null;
  /** Why the column looks as if it were filled in afterwards; null where it does not. */
  readonly suspicion: string | null;
}

export interface ColumnProfile {
  readonly name: string;
  /** The engine's type. */
  readonly storedType: string;
  readonly kind: ColumnKind;
  readonly reading: ColumnReading;
  readonly role: ColumnRole;
  /** Why it has this role, in a sentence without a full stop; null for an ordinary feature. */
  readonly why: string | null;
  /** `months`, `GB`, a currency; null where the name does not say. */
  readonly unit: string | null;
  readonly rows: number;
  /** NULL, blank, or a word for missing. */
  readonly missing: number;
  /** Values that do not fit the kind and are read as missing. */
  readonly unreadable: number;
  readonly distinct: number;
  /** The most frequent values. */
  readonly values: readonly ValueCount[];
  readonly numbers: NumberSummary | null;
  readonly histogram: readonly HistogramBin[];
  readonly dates: DateSummary | null;
  readonly separation: ColumnSeparation | null;
}

export interface TargetProfile {
  readonly column: string;
  readonly positive: readonly string[];
  readonly negative: readonly string[];
  /** Values that are neither, such as customers who just joined; their rows have no label. */
  readonly leftOut: readonly string[];
  readonly rows: { readonly positive: number; readonly negative: number; readonly unknown: number };
  /** How the positive value was found. */
  readonly why: string;
}

/** What tells rows apart. */
export interface KeyProfile {
  /** Null where no column does: a fingerprint of each row stands for it. */
  readonly column: string | null;
  readonly why: string;
  /** Rows beyond the first of each key. */
  readonly repeated: number;
  /** Whether the order of the keys alone tells who left, as in a file that was put together of two. */
  readonly tellsTarget: boolean;
}

export interface ColumnPair {
  readonly one: string;
  readonly other: string;
  /** Pearson's r; 1 for categories that name the same thing. */
  readonly correlation: number;
  /** What one is times the other, where that is fixed. */
  readonly factor: number | null;
  readonly isCopy: boolean;
}

/** `problem`: it changes the result or costs rows; `unsure`: a decision that somebody should confirm; `note`: said. */
export type FindingLevel = 'problem' | 'unsure' | 'note';

export interface TableFinding {
  readonly level: FindingLevel;
  readonly column: string | null;
  /** One sentence without a full stop. */
  readonly says: string;
  /** What to type where the decision is wrong. */
  readonly flag: string | null;
}

export interface TableProfile {
  /** File or table, as people know it. */
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
  readonly target: TargetProfile | null;
  readonly key: KeyProfile;
  readonly duplicates: {
    /** Rows beyond the first of their kind, equal in every column. */
    readonly exact: number;
    /** The same without the key. */
    readonly butForTheKey: number;
  };
  /** The strongest correlations, strongest first. */
  readonly pairs: readonly ColumnPair[];
  readonly findings: readonly TableFinding[];
}
