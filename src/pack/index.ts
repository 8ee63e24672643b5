export { packFileSchemas } from './json-schemas.ts';
export { loadPack } from './load.ts';
export type { Pack, SqlFile, SqlHeader } from './pack.ts';
export {
  type ActionList,
  type DatedTime,
  type Expectation,
  ExpectationsFile,
  type Feature,
  FeaturesFile,
  type KnownTable,
  LearnerSettings,
  PackFile,
  PlaybookFile,
  share,
  type Source,
  TierSettings,
  type Undated,
  ValueSettings,
} from './schema.ts';
export { explainIssues, formatKeyPath } from './schema-problems.ts';
export { type KeyPath, parseYaml, readIfThere, shownPath, type YamlFile } from './yaml-file.ts';
