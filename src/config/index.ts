export type { Config } from './config.ts';
export type { LayerName, Origin } from './entry.ts';
export type { FlagValue } from './layers.ts';
export { resolveConfig, type ConfigSources, type ResolvedConfig, type SettledValue } from './resolve.ts';
