export { loadPack } from './load.ts';
export type { Pack, SqlFile, SqlHeader } from './pack.ts';
export type {
  ActionList,
  DatedTime,
  Expectation,
  ExpectationsFile,
  Feature,
  FeaturesFile,
  KnownTable,
  LearnerSettings,
  PackFile,
  PlaybookFile,
  Source,
  TierSettings,
  Undated,
  ValueSettings,
} from './schema.ts';
