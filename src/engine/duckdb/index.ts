export { openDuckDb, type DuckDbOptions } from './duckdb-engine.ts';
