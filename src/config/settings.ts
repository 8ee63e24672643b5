/**
 * Every setting once: key, what it may be, default and help. The reader of files and variables, the
 * reference page and the editor schema are all made from this list.
 */
import { z } from 'zod';
import { LearnerSettings, share, TierSettings, ValueSettings } from '../pack/index.ts';

/** One setting. `T` is what it reads as. */
interface Setting<T> {
  readonly kind: 'one';
  readonly schema: z.ZodType<T>;
  /** Value where no layer sets it; undefined: the pack's, or none. */
  readonly default: T | undefined;
  readonly help: string;
  /** Where the default comes from when `default` is undefined. */
  readonly otherwise?: string;
  /** `outside`: only a variable or a flag can set it, since the workspace file is found by it. */
  readonly settable: 'anywhere' | 'outside';
  /** The value is a path: relative to the file that sets it, or to the current folder. */
  readonly isPath?: true;
  /** A variable name that differs from the rule HOLDFAST_<KEY>. */
  readonly variable?: string;
  /** A variable that stands for it too where a server starts: containers know it by this name. */
  readonly shortVariable?: string;
  /** The value is an address that may hold `user:password@`, which is kept apart from it and never shown. */
  readonly isAddress?: true;
}

/** A family of settings, one for each tier, list or parameter: `tiers.thresholds.RED`. */
interface SettingFamily<T> {
  readonly kind: 'family';
  readonly schema: z.ZodType<T>;
  /** What the last part of the key names. */
  readonly member: 'tier' | 'list' | 'parameter';
  readonly help: string;
  readonly otherwise: string;
}

/** The environments that holdfast.yaml may have sections for. */
export const ENVIRONMENT_NAMES = ['dev', 'staging', 'prod'] as const;

const wholeNumber = z.int();
const memory = z
  .string()
  .regex(/^[1-9][0-9]*(\.[0-9]+)? ?(KB|MB|GB|TB|KiB|MiB|GiB|TiB)$/i, 'a size such as 2GB or 512MB');

/** An optional setting has no default and may stay without a value. */
function one<T>(
  schema: z.ZodType<T>,
  help: string,
  options: Partial<Omit<Setting<T>, 'kind' | 'schema' | 'help'>> = {},
): Setting<T> {
  return { kind: 'one', schema, help, default: undefined, settable: 'anywhere', ...options };
}

function family<T>(
  schema: z.ZodType<T>,
  member: SettingFamily<T>['member'],
  help: string,
  otherwise: string,
): SettingFamily<T> {
  return { kind: 'family', schema, member, help, otherwise };
}

const seconds = z.number().positive().max(3600);
const fromPack = { otherwise: 'the pack' };

function isWebAddress(text: string): boolean {
  return hasScheme(text, /^https?:$/);
}

function hasScheme(text: string, scheme: RegExp): boolean {
  return URL.canParse(text) && scheme.test(new URL(text).protocol);
}

/** A password may stand before the `@` alone, where it is found and kept apart. */
const isDatabase = (text: string): boolean =>
  hasScheme(text, /^postgres(ql)?:$/) && !new URL(text).searchParams.has('password');

/** Addresses of web servers, without a path. */
function areOrigins(text: string): boolean {
  return originsOf(text).every((origin) => isWebAddress(origin) && new URL(origin).origin === origin);
}

/** The origins of a text that separates them by commas. */
export function originsOf(text: string): string[] {
  return text
    .split(',')
    .map((origin) => origin.trim())
    .filter((origin) => origin !== '');
}

/** Secrets: only a variable can give them, and nothing shows them. */
export const SECRETS = {
  'mlflow.token': {
    variable: 'HOLDFAST_MLFLOW_TOKEN',
    help: 'token that the MLflow server wants, sent as a bearer token',
  },
} as const;

export const SETTINGS = {
  workspace: one(z.string().min(1), 'folder that holds the lake, the models, the lists and everything else', {
    default: './workspace',
    settable: 'outside',
    isPath: true,
  }),
  state: one(z.string().min(1), 'folder of logs, keys and work in progress', {
    otherwise: 'state/ in the workspace',
    isPath: true,
  }),
  pack: one(z.string().min(1), 'folder of a pack, or the name of one that comes with Holdfast', {
    default: 'broadband',
  }),
  env: one(z.enum(ENVIRONMENT_NAMES), 'section of holdfast.yaml that is laid over the rest', {
    otherwise: 'no section',
    settable: 'outside',
  }),
  'engine.memory_limit': one(memory, 'memory the SQL engine may use before it spills to disk', {
    default: '2GB',
  }),
  'engine.threads': one(wholeNumber.min(0), 'threads of the SQL engine; 0 means as many as the machine has', {
    default: 0,
  }),
  'learner.library': one(z.string().min(1), 'path of the LightGBM library', {
    otherwise: 'the library that the set-up downloaded',
    isPath: true,
    variable: 'HOLDFAST_LIGHTGBM_LIBRARY',
  }),
  'learner.xgboost_library': one(z.string().min(1), 'path of the XGBoost library', {
    otherwise: 'the library that the set-up downloaded',
    isPath: true,
    variable: 'HOLDFAST_XGBOOST_LIBRARY',
  }),
  'learner.threads': one(
    wholeNumber.min(0),
    'threads of the learner; 0 means as many as the machine has; results do not depend on it',
    { default: 0 },
  ),
  'learner.seed': one(LearnerSettings.shape.seed.unwrap(), 'seed of everything random in training', fromPack),
  'learner.rounds': one(LearnerSettings.shape.rounds.unwrap(), 'most boosting rounds of a model', fromPack),
  'learner.early_stopping_rounds': one(
    LearnerSettings.shape.early_stopping_rounds.unwrap(),
    'rounds without improvement after which training ends',
    fromPack,
  ),
  'learner.imbalance': one(
    z.enum(['none', 'balanced', 'weights', 'smote']),
    'what is done about rare positives; weights only where the pack says by which feature',
    fromPack,
  ),
  'learner.parameters': family(
    z.union([z.number(), z.boolean(), z.string()]),
    'parameter',
    "a parameter of the learner, by the learner's own name",
    'the pack',
  ),
  'tiers.basis': one(TierSettings.shape.basis.unwrap(), 'what the thresholds of tiers apply to', fromPack),
  'tiers.thresholds': family(share, 'tier', 'above which value a tier applies', 'the pack'),
  'tiers.capacities': family(
    wholeNumber.min(0),
    'tier',
    'how many entities the tier may hold, for the basis capacity',
    'the pack',
  ),
  'lists.capacities': family(
    wholeNumber.min(0),
    'list',
    'how many rows the list may hold; the most urgent are kept',
    'the pack',
  ),
  'value.assumption': one(
    ValueSettings.shape.assumption,
    'where the figures of value come from, said beside every value',
    fromPack,
  ),
  'value.months': one(ValueSettings.shape.months, 'months of revenue that a saved entity brings', fromPack),
  'value.contact_cost': one(ValueSettings.shape.contact_cost, 'cost of contacting one entity', fromPack),
  'value.offer_cost': one(ValueSettings.shape.offer_cost, 'cost of an accepted offer', fromPack),
  'value.acceptance': one(
    ValueSettings.shape.acceptance,
    'share of contacted entities that accept the offer',
    fromPack,
  ),
  'audit.dates': one(wholeNumber.min(1).max(50), 'observation dates that the leakage audit rebuilds', {
    default: 3,
  }),
  'audit.entities': one(wholeNumber.min(10), 'entities that the leakage audit rebuilds', { default: 300 }),
  'audit.seed': one(wholeNumber.min(0), 'seed of the dates and entities that the leakage audit takes', {
    default: 1,
  }),
  'time.observed_to': one(z.iso.date(), 'the last complete day of data, as YYYY-MM-DD', fromPack),
  'mlflow.uri': one(
    z.string().refine(isWebAddress, 'expected an http or https address such as http://localhost:5000'),
    'address of an MLflow server that runs are logged to and model sets are registered with',
    { isAddress: true },
  ),
  'mlflow.experiment': one(
    z.string().min(1).max(500),
    'experiment of the MLflow server that runs belong to',
    {
      default: 'holdfast',
    },
  ),
  'serve.host': one(
    z.string().min(1),
    'address that the server listens on; without keys it must be of this machine',
    {
      default: '127.0.0.1',
    },
  ),
  'serve.port': one(wholeNumber.min(0).max(65_535), 'port of the server; 0 takes a free one', {
    default: 8000,
  }),
  'serve.model_dir': one(z.string().min(1), 'folder of an exported model set that the server answers with', {
    otherwise: 'the champion of the workspace',
    isPath: true,
    shortVariable: 'MODEL_DIR',
  }),
  'serve.shadow': one(
    z.string().regex(/^(challenger|[1-9]\d{0,8})$/, 'expected challenger, or the number of a model set'),
    'set that scores beside the champion without being heard: challenger, or its number',
    { otherwise: 'none' },
  ),
  'serve.split': one(
    z.number().min(0).max(100),
    'percent of the entities that the set of serve.shadow answers, or else the challenger',
    { default: 0 },
  ),
  'serve.max_batch_size': one(wholeNumber.min(1).max(100_000), 'rows of a batch at most', {
    default: 1000,
    shortVariable: 'MAX_BATCH_SIZE',
  }),
  'serve.body_mb': one(z.number().positive().max(512), 'size of a request at most, in MB', { default: 8 }),
  'serve.rate_limit': one(wholeNumber.min(1), 'requests that a key may send in a minute', { default: 1000 }),
  'serve.allowed_origins': one(
    z.string().refine(areOrigins, 'expected origins such as http://localhost:8501, separated by commas'),
    'origins whose pages may read answers, separated by commas',
    {
      default: 'http://churn-dashboard-service:8501,http://localhost:8501',
      shortVariable: 'ALLOWED_ORIGINS',
    },
  ),
  'serve.headers_seconds': one(seconds, 'time in which the headers of a request must arrive', { default: 5 }),
  'serve.request_seconds': one(seconds, 'time in which a whole request must arrive', { default: 15 }),
  'serve.idle_seconds': one(seconds, 'time after which a connection without requests is closed', {
    default: 65,
  }),
  'serve.max_connections': one(wholeNumber.min(1), 'connections at most', { default: 10_000 }),
  'serve.max_delay_ms': one(
    wholeNumber.min(10),
    'milliseconds that the server may be behind before it answers 503 to new requests',
    { default: 500 },
  ),
  'serve.max_waiting_rows': one(
    wholeNumber.min(1),
    'rows of batches that may wait for their scores before further batches are answered 503',
    { default: 20_000 },
  ),
  'serve.reload_seconds': one(seconds, 'how often the server looks for another champion and newer features', {
    default: 30,
  }),
  'serve.drain_seconds': one(
    z.number().min(0).max(25),
    'time between saying that it is not ready and closing the door, when the server is stopped',
    { default: 3 },
  ),
  'serve.cache_seconds': one(
    z.number().min(0).max(86_400),
    'how long an answer is given again to the same question, in seconds; 0 keeps none',
    { default: 300 },
  ),
  'serve.cache_entries': one(
    wholeNumber.min(2).max(10_000_000),
    'answers kept in memory at most; those not asked for longest go first',
    { default: 10_000 },
  ),
  'serve.log_level': one(
    z.enum(['debug', 'info', 'warn', 'error', 'silent']),
    'what the server logs at least',
    {
      default: 'info' as const,
    },
  ),
  'redis.url': one(
    z
      .string()
      .refine((text) => hasScheme(text, /^rediss?:$/), 'expected an address such as redis://cache:6379/0'),
    'address of a Redis server in which servers share the answers they keep',
    { isAddress: true },
  ),
  'postgres.url': one(
    z
      .string()
      .refine(isDatabase, 'expected an address such as postgresql://user:password@database:5432/churn'),
    'address of a PostgreSQL database that takes a copy of the prediction log, and the record of work in place of a file',
    { isAddress: true, shortVariable: 'DATABASE_URL' },
  ),
  'postgres.queue_rows': one(
    wholeNumber.min(1).max(1_000_000),
    'records that may wait for the database; further ones stay in the log on disk alone',
    { default: 10_000 },
  ),
  max_bad_share: one(
    share,
    'share of malformed rows, or of values of a column that do not cast, that stops a step',
    fromPack,
  ),
} as const;

export type SettingKey = keyof typeof SETTINGS;

/** What each setting reads as; a family is a mapping from its members. */
export type SettingValues = {
  readonly [K in SettingKey]?: (typeof SETTINGS)[K] extends Setting<infer T>
    ? T
    : (typeof SETTINGS)[K] extends SettingFamily<infer T>
      ? Readonly<Record<string, T>>
      : never;
};

export type AnySetting = Setting<unknown> | SettingFamily<unknown>;

export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[];

/** The setting of a key, seen without its exact type. */
export function settingOf(key: SettingKey): AnySetting {
  return SETTINGS[key];
}

/** The environment variable of a setting; of a family, the part before the member. */
export function variableOf(key: SettingKey): string {
  const setting = settingOf(key);
  return (setting.kind === 'one' ? setting.variable : undefined) ?? `HOLDFAST_${upperSnake(key)}`;
}

/** `tiers.thresholds` as `TIERS_THRESHOLDS`. */
export function upperSnake(key: string): string {
  return key.replaceAll('.', '_').toUpperCase();
}
