/** One compared figure, and when it counts as met. */
export interface Figure {
  readonly group: string;
  readonly name: string;
  /** The published figure, or null where only a bar is given. */
  readonly published: number | null;
  readonly measured: number | null;
  /** The same under Holdfast's own rules, where that is another figure. */
  readonly ownRules?: number | null;
  readonly bar?: Bar;
  readonly unit: Unit;
}

export type Unit = 'share' | 'number' | 'count';

/** How far the measured figure may lie from the published one, or between what it must lie. */
export type Bar =
  | { readonly kind: 'difference'; readonly most: number }
  | { readonly kind: 'relative'; readonly most: number }
  | { readonly kind: 'between'; readonly least: number; readonly most: number }
  | { readonly kind: 'at most'; readonly most: number };

/** Whether the bar is met; null without a bar. A figure that could not be measured misses it. */
export function isMet({ bar, published, measured }: Figure): boolean | null {
  if (bar === undefined) return null;
  if (measured === null) return false;
  switch (bar.kind) {
    case 'difference':
      return published !== null && Math.abs(measured - published) <= bar.most;
    case 'relative':
      return published !== null && Math.abs(measured / published - 1) <= bar.most;
    case 'between':
      return measured >= bar.least && measured <= bar.most;
    case 'at most':
      return measured <= bar.most;
  }
}

export function describeBar(figure: Figure): string {
  const { bar, unit } = figure;
  if (bar === undefined) return '';
  switch (bar.kind) {
    case 'difference':
      return unit === 'share' ? `± ${(bar.most * 100).toPrecision(1)} points` : `± ${String(bar.most)}`;
    case 'relative':
      return `± ${String(Math.round(bar.most * 100))} %`;
    case 'between':
      return `${formatValue(bar.least, unit)} to ${formatValue(bar.most, unit)}`;
    case 'at most':
      return `at most ${formatValue(bar.most, unit)}`;
  }
}

export function formatValue(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return '—';
  if (unit === 'count') return Math.round(value).toLocaleString('en-GB');
  if (unit === 'share') return `${(value * 100).toFixed(2)} %`;
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-GB') : value.toFixed(3);
}
