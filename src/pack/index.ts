export { packFileSchemas } from './json-schemas.ts';
export { loadPack } from './load.ts';
export type { CleaningSettings } from './cleaning-schema.ts';
export { DEFAULT_LEARNER } from './default-learner.ts';
export type { EvaluationSettings, ThresholdRule } from './evaluation-schema.ts';
export type { Gate } from './gates-schema.ts';
export type { PromotionSettings } from './promotion-schema.ts';
export { type Candidate, Imbalance, type Selection } from './selection-schema.ts';
export type { Pack, SqlFile, SqlHeader } from './pack.ts';
export { fillReason } from './reason-template.ts';
export {
  type Acknowledged,
  type ActionList,
  type DatedTime,
  type Expectation,
  type ExpectationsFile,
  type Feature,
  type FeaturesFile,
  type KnownTable,
  LEAK_KINDS,
  type LeakKind,
  LearnerSettings,
  type PackFile,
  type PlaybookFile,
  share,
  type Source,
  TierSettings,
  type Undated,
  ValueSettings,
} from './schema.ts';
export type { DateFormats, SourceFormat } from './source-format-schema.ts';
export { explainIssues, formatKeyPath } from './schema-problems.ts';
export { type KeyPath, parseYaml, readIfThere, shownPath, type YamlFile } from './yaml-file.ts';
