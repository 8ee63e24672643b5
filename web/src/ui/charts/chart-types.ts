/** What charts are drawn from: figures with their words made already, so that a drawing knows no units. */

/** A place along the axis of categories. */
export interface ChartRow {
  /** Stands at the axis; tells rows apart. */
  readonly name: string;
  /** What a pointer is told here: a heading, then lines. */
  readonly tip: readonly string[];
  /** By the names of series; null is a gap. */
  readonly values: Readonly<Record<string, number | null>>;
  /** A CSS value, instead of that of the series. */
  readonly color?: string;
}

export interface ChartSeries {
  readonly name: string;
  readonly label: string;
  /** A CSS value. */
  readonly color: string;
  readonly isDashed?: boolean;
}

/** The axis of values. */
export interface ValueAxis {
  readonly text: (value: number) => string;
  readonly ticks?: readonly number[];
  /** The upper end; as the figures are without it. */
  readonly highest?: number;
  readonly width?: number;
}

interface Drawing {
  /** What is drawn, in one sentence: all that a screen reader is told, beside the table. */
  readonly label: string;
  readonly height: number;
}

export interface BarsProps extends Drawing {
  readonly rows: readonly ChartRow[];
  readonly series: readonly ChartSeries[];
  readonly axis: ValueAxis;
  /** Bars that lie have room for long names. */
  readonly direction?: 'standing' | 'lying';
  /** Parts of a whole on top of each other. */
  readonly isStacked?: boolean;
  readonly nameWidth?: number;
  /** Names of categories may be left out where others say the same. */
  readonly withNames?: boolean;
  /** Names every so many categories only. */
  readonly nameEvery?: number;
  readonly withValues?: boolean;
  readonly nameTitle?: string | undefined;
  /** A mark was clicked; the same must be reachable from the table. */
  readonly onOpen?: ((row: number, series: string) => void) | undefined;
}

export interface LinesProps extends Drawing {
  readonly rows: readonly ChartRow[];
  readonly series: readonly ChartSeries[];
  readonly axis: ValueAxis;
}

export interface ScatterPoint {
  readonly x: number;
  readonly y: number;
  /** How much stands behind it: its area. */
  readonly weight: number;
  readonly tip: readonly string[];
}

export interface ScatterProps extends Drawing {
  readonly points: readonly ScatterPoint[];
  readonly color: string;
  readonly text: (value: number) => string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** Both axes end here; the diagonal is where both are equal. */
  readonly highest: number;
  readonly ticks: readonly number[];
}

/** A curve over numbers, with a line where one stands. */
export interface CurveProps extends Drawing {
  readonly points: readonly {
    readonly x: number;
    readonly y: number;
    readonly other?: number;
    readonly tip: readonly string[];
  }[];
  readonly color: string;
  /** Where one stands. */
  readonly at: number;
  readonly xText: (value: number) => string;
  readonly yText: (value: number) => string;
  readonly xTitle: string;
}

export interface DonutProps extends Drawing {
  readonly parts: readonly {
    readonly name: string;
    readonly value: number;
    readonly color: string;
    readonly tip: readonly string[];
  }[];
  readonly middle: string;
  readonly onOpen?: ((part: number) => void) | undefined;
}
