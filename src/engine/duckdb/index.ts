export type { DuckDbOptions } from './database.ts';
export { duckDbAtFirstUse, openDuckDb } from './duckdb-engine.ts';
