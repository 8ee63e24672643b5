export type {
  Column,
  CsvOptions,
  CsvShape,
  Engine,
  EngineCapabilities,
  NumericTable,
  Parameter,
  Parameters,
  PreparedStatement,
  ReadFile,
  References,
  Row,
  TableName,
  Value,
  WriteOptions,
  WrittenFile,
} from './engine.ts';
export type { ColumnSource, KnownColumns, Lineage, Origin, OutputColumn, Pooling } from './lineage.ts';
export { outsideRead } from './outside-read.ts';
export { textOf } from './value-text.ts';
export { duckDbAtFirstUse, openDuckDb, type DuckDbOptions } from './duckdb/index.ts';
