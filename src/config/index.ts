export type { Config } from './config.ts';
export type { ServeConfig } from './serve.ts';
export type { LayerName, Origin } from './entry.ts';
export type { FlagValue } from './layers.ts';
export { settingsPage, workspaceFileSchema } from './reference.ts';
export { resolveConfig, type ConfigSources, type ResolvedConfig, type SettledValue } from './resolve.ts';
export type { Secrets } from './secrets.ts';
