import type { Registry, RegistryEvent } from '../../registry/index.ts';
import type { LoadedSet, StoredModel } from '../../model/index.ts';
import type { CommandModule } from '../command.ts';
import { formatTable, intervalText, snakeKeys } from '../format.ts';
import { loadRegistry, loadWorkflow } from '../rooms.ts';
import { requireWorkspace } from '../step-command.ts';

export const command: CommandModule = {
  name: 'models show',
  summary: 'show a model set: what it was made from, how good it is, and what became of it',
  description:
    'Shows the models of a set with learner, data, settings and metrics, its lineage (table versions, pack, code version, run), and its events. Every file is compared with its hash first.',
  arguments: [{ name: '[set]', help: 'number of the set, champion or challenger; default: champion' }],
  examples: [
    { command: 'models show', explains: 'what is in production, why and since when' },
    { command: 'models show challenger --json', explains: 'the challenger, for a program' },
  ],
  async run(session, input) {
    const { config } = await session.resolve();
    await requireWorkspace(config.workspace);
    const { foldersOf, setNamed } = await loadWorkflow();
    const { openRegistry, registeredSet } = await loadRegistry();
    const registry: Registry = openRegistry(foldersOf(config.workspace).models, session.clock);
    const state = await registry.state();
    const id = setNamed(state, input.arguments[0] ?? 'champion');
    const loaded = await registeredSet(registry, id);
    const events = (await registry.events()).filter((event) => isAbout(event, id));
    const registered = state.sets.get(id);
    return {
      data: {
        set: id,
        stage: registered?.stage,
        origin: registered?.origin,
        hash: loaded.set.hash,
        pack_hash: loaded.set.packHash,
        models: loaded.models.map(modelData),
        events: snakeKeys(events),
      },
      text: [
        `set ${String(id)}: ${registered?.stage ?? ''}, ${registered?.origin ?? ''}; hash ${loaded.set.hash.slice(0, 12)}, pack ${registered?.pack ?? ''} ${loaded.set.packHash.slice(0, 12)}`,
        modelsText(loaded),
        lineageText(loaded),
        eventsText(events),
      ].join('\n\n'),
    };
  },
};

function isAbout(event: RegistryEvent, set: number): boolean {
  const own = event.kind === 'registered' ? event.summary.id : event.set;
  return own === set || event.before.champion === set || event.after.champion === set;
}

function modelData(model: StoredModel): object {
  const {
    name,
    version,
    contentHash,
    learner,
    settings,
    metrics,
    lineage,
    provenance,
    statistics,
    decision,
  } = model;
  const { rows, positives, baseRate } = statistics;
  return {
    name,
    version,
    content_hash: contentHash,
    learner,
    ...(snakeKeys({ settings, decision, training: { rows, positives, baseRate }, provenance }) as object),
    metrics,
    lineage: { ...(snakeKeys({ ...lineage, tables: undefined }) as object), tables: lineage.tables },
  };
}

const modelsText = ({ models }: LoadedSet): string =>
  formatTable(
    [
      'model',
      'hash',
      'learner',
      'trees',
      'training rows',
      'base rate',
      'test rows',
      'AUC-PR',
      'AUC-ROC',
      'calibration error',
    ],
    models.map(({ name, version, contentHash, learner, settings, statistics, metrics: { test } }) => [
      `${name}/${String(version)}`,
      contentHash.slice(0, 12),
      `${learner.name} ${learner.version}`,
      settings.trees,
      statistics.rows,
      Number(statistics.baseRate.toPrecision(4)),
      ...('rows' in test
        ? [
            test.rows,
            intervalText(test.metrics['auc_pr']),
            intervalText(test.metrics['auc_roc']),
            intervalText(test.metrics['calibration_error'], 4),
          ]
        : [test.reason, null, null, null]),
    ]),
  );

function lineageText({ models }: LoadedSet): string {
  const [first] = models;
  if (first === undefined) return '';
  const { lineage, provenance } = first;
  const tables = Object.entries(lineage.tables).map(([table, version]) => `${table} v${String(version)}`);
  return [
    `made ${provenance.createdAt.slice(0, 19).replace('T', ' ')} by ${provenance.createdBy} in run ${provenance.runId}, Holdfast ${provenance.codeVersion}`,
    `data known to ${lineage.observedTo}: ${tables.join(', ')}`,
  ].join('\n');
}

const eventsText = (events: readonly RegistryEvent[]): string =>
  formatTable(
    ['event', 'when', 'by', 'what', 'evidence', 'why'],
    events.map((event) => [
      event.number,
      event.at.slice(0, 19).replace('T', ' '),
      event.by,
      event.kind.replaceAll('_', ' '),
      'evidence' in event ? event.evidence.file : null,
      event.why,
    ]),
  );
