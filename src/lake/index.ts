export type { DeltaType } from './delta-type.ts';
export { type DiskEffects, localDisk } from './disk.ts';
export { type Freshness, freshnessOf } from './freshness.ts';
export type { CommitSummary } from './history.ts';
export { type Lake, type LakeOptions, openLake } from './lake.ts';
export { type CommitInfo, type Snapshot, type TableField, type TableFile } from './snapshot.ts';
export type {
  PartitionValues,
  StagedWrite,
  TableWrite,
  WriteInfo,
  WriteMode,
  WritePart,
} from './table-write.ts';
export type { VacuumOptions, VacuumResult } from './vacuum.ts';
