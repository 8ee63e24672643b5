/** First and last snapshots of generated data. */
interface SnapshotRange {
  readonly from: string;
  readonly to: string;
}

/** Long enough that all three horizons have labelled test months. */
export const DEFAULT_RANGE: SnapshotRange = { from: '2022-08-01', to: '2024-12-01' };

/** The range of the published data. */
export const PUBLISHED_RANGE: SnapshotRange = { from: '2022-08-01', to: '2024-09-01' };
