/** What the tracking server is told of a training: all of it stands in the folders of the models. */
import type { LoadedSet, ModelSet, SplitMetrics, StoredModel } from '../../model/index.ts';
import type { TrackedMetric, TrackedRun } from '../../tracking/index.ts';

/** Of a set, as a registered model beside those of its horizons; a server may hold several packs. */
export const setModelName = (packName: string): string => `${packName}_set`;

/** The name of the pack that a set is of. */
export const packNameOf = ({ models }: LoadedSet): string => models[0]?.lineage.packName ?? '';

export type DescribedRun = Pick<TrackedRun, 'runName' | 'params' | 'metrics' | 'tags'>;

/** Params, metrics and tags of the run of a set. `runId` is that of Holdfast, null where several trainings made it. */
export function describeRun(loaded: LoadedSet, runId: string | null): DescribedRun {
  const { set, models } = loaded;
  const days = (model: StoredModel): string => `${String(model.horizonDays)}d`;
  const [first] = models;
  return {
    runName: `${packNameOf(loaded)} set ${String(set.id)}`,
    params: {
      pack: packNameOf(loaded),
      pack_hash: set.packHash,
      horizons: models.map(({ horizonDays }) => horizonDays).join(', '),
      observed_to: first?.lineage.observedTo ?? '',
      ...common(models, ({ learner, settings }) => ({
        learner: learner.name,
        learner_version: learner.version,
        rounds: settings.rounds,
        early_stopping_rounds: settings.earlyStoppingRounds,
        seed: settings.seed,
        ...Object.fromEntries(
          Object.entries(settings.parameters).map(([name, value]) => [`parameter.${name}`, value]),
        ),
      })),
      ...Object.fromEntries(
        models.flatMap((model): [string, string | number][] => [
          [`trees_${days(model)}`, model.settings.trees],
          [`training_rows_${days(model)}`, model.statistics.rows],
          [`calibrator_${days(model)}`, model.calibrator.method],
        ]),
      ),
    },
    metrics: models.flatMap((model) =>
      SPLITS.flatMap((split) => metricsOf(split, days(model), model.metrics[split])),
    ),
    tags: {
      ...setTags(loaded),
      ...(runId === null ? {} : { 'holdfast.run_id': runId }),
      'holdfast.version': [...new Set(models.map(({ provenance }) => provenance.codeVersion))].join(', '),
      ...Object.fromEntries(
        models.flatMap((model) =>
          SPLITS.flatMap((split): [string, string][] => {
            const measured = model.metrics[split];
            return 'reason' in measured ? [[`holdfast.${split}_${days(model)}`, measured.reason]] : [];
          }),
        ),
      ),
    },
  };
}

/** What tells a set from others on the server. */
export function setTags(loaded: LoadedSet): Record<string, string> {
  const { id, hash, packHash, contractHash }: ModelSet = loaded.set;
  return {
    'holdfast.pack': packNameOf(loaded),
    'holdfast.pack_hash': packHash,
    'holdfast.contract_hash': contractHash,
    'holdfast.set': String(id),
    'holdfast.set_hash': hash,
  };
}

const SPLITS = ['validation', 'test'] as const;

type Values = Readonly<Record<string, string | number | boolean>>;

/** Values under their own names where all horizons have the same, else with the horizon at the end. */
function common(models: readonly StoredModel[], of: (model: StoredModel) => Values): Values {
  const all = models.map((model) => ({ days: model.horizonDays, values: of(model) }));
  const names = [...new Set(all.flatMap(({ values }) => Object.keys(values)))];
  return Object.fromEntries(
    names.flatMap((name): [string, string | number | boolean][] => {
      const value = all[0]?.values[name];
      if (value !== undefined && all.every(({ values }) => values[name] === value)) return [[name, value]];
      return all.flatMap(({ days, values }): [string, string | number | boolean][] => {
        const own = values[name];
        return own === undefined ? [] : [[`${name}_${String(days)}d`, own]];
      });
    }),
  );
}

/** `test_auc_pr_30d` with the ends of its interval, for every metric that has a value. */
function metricsOf(split: string, days: string, measured: SplitMetrics): TrackedMetric[] {
  if ('reason' in measured) return [];
  const { rows, positives, baseRate, metrics } = measured;
  const figures: [string, number | null][] = [
    [`${split}_rows_${days}`, rows],
    [`${split}_positives_${days}`, positives],
    [`${split}_base_rate_${days}`, baseRate],
    ...Object.entries(metrics).flatMap(([name, { value, lower, upper }]): [string, number | null][] => [
      [`${split}_${name}_${days}`, value],
      [`${split}_${name}_${days}_lower`, lower],
      [`${split}_${name}_${days}_upper`, upper],
    ]),
  ];
  return figures.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
}
