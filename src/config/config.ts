import { join } from 'node:path';
import { HoldfastError } from '../kernel/index.ts';
import {
  type ActionList,
  Imbalance,
  type LearnerSettings,
  type Pack,
  type TierSettings,
  type ValueSettings,
} from '../pack/index.ts';
import { type ServeConfig, serveConfig } from './serve.ts';
import type { SettingValues } from './settings.ts';

/** All settings of a run: one frozen value. Folders are absolute paths. */
export interface Config {
  readonly workspace: string;
  readonly state: string;
  /** Folder of the pack. */
  readonly pack: string;
  readonly environment: 'dev' | 'staging' | 'prod' | undefined;
  readonly engine: {
    /** With its unit, such as `2GB`. */
    readonly memory_limit: string;
    /** 0: as many as the machine has. */
    readonly threads: number;
  };
  readonly learner: LearnerSettings & {
    /** Path of the LightGBM library; undefined: the one that the set-up downloaded. */
    readonly library: string | undefined;
    /** The same of XGBoost. */
    readonly xgboost_library: string | undefined;
    /** 0: as many as the machine has. */
    readonly threads: number;
  };
  readonly tiers: TierSettings;
  readonly lists: Readonly<Record<string, ActionList>>;
  readonly value: ValueSettings;
  /** Stands for the pack's `observed_to` where it is set. */
  readonly time: { readonly observed_to: string | undefined };
  /** What the leakage audit rebuilds: so many entities on so many dates, drawn by the seed. */
  readonly audit: { readonly dates: number; readonly entities: number; readonly seed: number };
  readonly mlflow: {
    /** Without user and password, which are among the secrets; undefined: no server. */
    readonly uri: string | undefined;
    readonly experiment: string;
  };
  readonly serve: ServeConfig;
  /** Without user and password, which are among the secrets; undefined: no server. */
  readonly redis: { readonly url: string | undefined };
  readonly postgres: {
    /** As `redis.url`. */
    readonly url: string | undefined;
    /** Records that may wait for the database. */
    readonly queue_rows: number;
  };
  /** Stands for the `max_bad_share` of every source where it is set. */
  readonly max_bad_share: number | undefined;
}

/** The values that the pack itself gives to settings. */
export function packValues({ file }: Pack): SettingValues {
  const { learner, tiers, lists, value, time } = file;
  return {
    'learner.seed': learner.seed,
    'learner.rounds': learner.rounds,
    'learner.early_stopping_rounds': learner.early_stopping_rounds,
    'learner.imbalance': learner.imbalance.method,
    'learner.parameters': learner.parameters,
    'tiers.basis': tiers.basis,
    'tiers.thresholds': Object.fromEntries(tiers.ladder.map((tier) => [tier.name, tier.threshold])),
    'tiers.capacities': withoutUndefined(tiers.ladder.map((tier) => [tier.name, tier.capacity])),
    'lists.capacities': withoutUndefined(Object.entries(lists).map(([name, list]) => [name, list.capacity])),
    'value.assumption': value.assumption,
    'value.months': value.months,
    'value.contact_cost': value.contact_cost,
    'value.offer_cost': value.offer_cost,
    'value.acceptance': value.acceptance,
    ...(typeof time?.observed_to === 'string' ? { 'time.observed_to': time.observed_to } : {}),
  };
}

/** Joins the settled values with what only the pack can say. `values` holds every value of `packValues`. */
export function buildConfig(pack: Pack, folders: Folders, values: SettingValues): Config {
  const { learner, tiers, lists, value } = pack.file;
  const thresholds = values['tiers.thresholds'] ?? {};
  const tierCapacities = values['tiers.capacities'] ?? {};
  const listCapacities = values['lists.capacities'] ?? {};
  return {
    ...folders,
    environment: values.env,
    engine: {
      memory_limit: values['engine.memory_limit'] ?? '2GB',
      threads: values['engine.threads'] ?? 0,
    },
    learner: {
      ...learner,
      library: values['learner.library'],
      xgboost_library: values['learner.xgboost_library'],
      threads: values['learner.threads'] ?? 0,
      seed: values['learner.seed'] ?? learner.seed,
      rounds: values['learner.rounds'] ?? learner.rounds,
      early_stopping_rounds: values['learner.early_stopping_rounds'] ?? learner.early_stopping_rounds,
      imbalance: imbalanceOf(learner.imbalance, values['learner.imbalance']),
      parameters: { ...(values['learner.parameters'] ?? learner.parameters) },
    },
    tiers: {
      ...tiers,
      basis: values['tiers.basis'] ?? tiers.basis,
      ladder: tiers.ladder.map((tier) => ({
        ...tier,
        threshold: thresholds[tier.name] ?? tier.threshold,
        ...withCapacity(tierCapacities[tier.name]),
      })),
    },
    lists: Object.fromEntries(
      Object.entries(lists).map(([name, list]) => [name, { ...list, ...withCapacity(listCapacities[name]) }]),
    ),
    value: {
      ...value,
      assumption: values['value.assumption'] ?? value.assumption,
      months: values['value.months'] ?? value.months,
      contact_cost: values['value.contact_cost'] ?? value.contact_cost,
      offer_cost: values['value.offer_cost'] ?? value.offer_cost,
      acceptance: values['value.acceptance'] ?? value.acceptance,
    },
    time: { observed_to: values['time.observed_to'] },
    audit: {
      dates: values['audit.dates'] ?? 3,
      entities: values['audit.entities'] ?? 300,
      seed: values['audit.seed'] ?? 1,
    },
    mlflow: { uri: values['mlflow.uri'], experiment: values['mlflow.experiment'] ?? 'holdfast' },
    serve: serveConfig(values),
    redis: { url: values['redis.url'] },
    postgres: { url: values['postgres.url'], queue_rows: values['postgres.queue_rows'] ?? 10_000 },
    max_bad_share: values.max_bad_share,
  };
}

export interface Folders {
  readonly workspace: string;
  readonly state: string;
  readonly pack: string;
}

/** The state folder where none is set. */
export function defaultState(workspace: string): string {
  return join(workspace, 'state');
}

/** The method that is set, with what the pack says of it. */
function imbalanceOf(ofPack: Imbalance, method: Imbalance['method'] | undefined): Imbalance {
  if (method === undefined || method === ofPack.method) return ofPack;
  if (method !== 'weights') return Imbalance.parse({ method });
  throw new HoldfastError('HF103', {
    message: 'the pack does not say by which feature rows are weighed',
    hint: 'write learner.imbalance with method weights and a column into pack.yaml',
    place: { field: 'learner.imbalance' },
  });
}

function withCapacity(capacity: number | undefined): { capacity?: number } {
  return capacity === undefined ? {} : { capacity };
}

function withoutUndefined(
  entries: readonly (readonly [string, number | undefined])[],
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    entries.filter((entry): entry is readonly [string, number] => entry[1] !== undefined),
  );
}
