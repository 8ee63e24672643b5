/** The settings of a server, in the units of their names. */
import { originsOf, type SettingValues } from './settings.ts';

export interface ServeConfig {
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Undefined: the models of the workspace. */
  readonly model_dir: string | undefined;
  /** Number of a set, or `challenger`; undefined: none in the shadow. */
  readonly shadow: string | undefined;
  /** Percent of the entities that the challenger answers. */
  readonly split: number;
  readonly max_batch_size: number;
  readonly body_mb: number;
  /** Requests a minute and key. */
  readonly rate_limit: number;
  readonly allowed_origins: readonly string[];
  readonly headers_seconds: number;
  readonly request_seconds: number;
  readonly idle_seconds: number;
  readonly max_connections: number;
  readonly max_delay_ms: number;
  readonly max_waiting_rows: number;
  readonly reload_seconds: number;
  readonly drain_seconds: number;
  /** How long an answer is kept; 0: not at all. */
  readonly cache_seconds: number;
  readonly cache_entries: number;
  readonly log_level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

export function serveConfig(values: SettingValues): ServeConfig {
  return {
    host: values['serve.host'] ?? '127.0.0.1',
    port: values['serve.port'] ?? 8000,
    model_dir: values['serve.model_dir'],
    shadow: values['serve.shadow'],
    split: values['serve.split'] ?? 0,
    max_batch_size: values['serve.max_batch_size'] ?? 1000,
    body_mb: values['serve.body_mb'] ?? 8,
    rate_limit: values['serve.rate_limit'] ?? 1000,
    allowed_origins: originsOf(values['serve.allowed_origins'] ?? ''),
    headers_seconds: values['serve.headers_seconds'] ?? 5,
    request_seconds: values['serve.request_seconds'] ?? 15,
    idle_seconds: values['serve.idle_seconds'] ?? 65,
    max_connections: values['serve.max_connections'] ?? 10_000,
    max_delay_ms: values['serve.max_delay_ms'] ?? 500,
    max_waiting_rows: values['serve.max_waiting_rows'] ?? 20_000,
    reload_seconds: values['serve.reload_seconds'] ?? 30,
    drain_seconds: values['serve.drain_seconds'] ?? 3,
    cache_seconds: values['serve.cache_seconds'] ?? 300,
    cache_entries: values['serve.cache_entries'] ?? 10_000,
    log_level: values['serve.log_level'] ?? 'info',
  };
}
