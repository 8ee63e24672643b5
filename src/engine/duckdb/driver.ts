/**
 * DuckDB's package, loaded when something of it is used first. It is required, not imported: before it imports CommonJS,
 * Node looks through all of its files for the names that they export, which takes longer than running them.
 */
import { createRequire } from 'node:module';

type Driver = typeof import('@duckdb/node-api');

const require = createRequire(import.meta.url);

let loaded: Driver | undefined;

/** Values of results ask for it one by one: it is kept. */
export const driver = (): Driver => (loaded ??= require('@duckdb/node-api') as Driver);
