export { duckDbAtFirstUse, openDuckDb, type DuckDbOptions } from './duckdb-engine.ts';
