/** What the schemas cannot say: rules that join several keys or several files of a pack. */
import { HoldfastError, nearestWord } from '../kernel/index.ts';
import { packError } from './check-schema.ts';
import { checkCleaning } from './cleaning-checks.ts';
import { checkGates } from './gate-checks.ts';
import type { Pack } from './pack.ts';
import { checkReason } from './reason-checks.ts';
import { formatKeyPath } from './schema-problems.ts';
import type { DatedTime, Feature, KnownTable } from './schema.ts';
import { shownPath, type KeyPath, type YamlFile } from './yaml-file.ts';

type Parts = Omit<Pack, 'folder' | 'hash'>;

interface Files {
  readonly pack: YamlFile;
  readonly features: YamlFile;
  readonly playbook: YamlFile;
  readonly expectations: YamlFile | undefined;
  readonly folder: string;
}

/** Throws HF105 or HF106 at the first rule that does not hold. */
export function checkAcrossFiles(parts: Parts, files: Files): void {
  checkTime(parts, files);
  checkHorizons(parts, files);
  checkLearner(parts, files);
  checkTiers(parts, files);
  checkFeatures(parts, files);
  checkTables(parts, files);
  checkCleaning(parts, files.pack);
  checkGates(parts, files.pack);
}

function checkTime({ file }: Parts, { pack }: Files): void {
  if ((file.time === undefined) === (file.undated === undefined)) {
    const both = file.time !== undefined;
    throw packError(
      pack,
      [both ? 'undated' : 'time'],
      `a pack has exactly one of time and undated, this one has ${both ? 'both' : 'neither'}`,
      'use time for data with dates and undated for one undated row an entity',
    );
  }
  const split = file.time?.split;
  if (split?.method === 'fixed' && split.validation_from >= split.test_from) {
    throw packError(
      pack,
      ['time', 'split', 'test_from'],
      `the test months must begin after the validation months, but ${split.test_from} is not after ${split.validation_from}`,
    );
  }
  if (file.time?.known['spine'] !== undefined) {
    throw packError(
      pack,
      ['time', 'known', 'spine'],
      'the name spine is taken: known.spine holds one row an entity and T',
      'choose another name for the table',
    );
  }
  const random = file.undated?.split;
  if (random?.method === 'random' && Math.abs(random.train + random.validation + random.test - 1) > 1e-9) {
    throw packError(pack, ['undated', 'split'], 'the shares of train, validation and test must add up to 1');
  }
}

function checkHorizons({ file }: Parts, { pack }: Files): void {
  for (const [index, horizon] of file.horizons.entries()) {
    const before = file.horizons[index - 1];
    if (before !== undefined && before >= horizon) {
      throw packError(
        pack,
        ['horizons', index],
        `horizons must ascend, but ${horizon} comes after ${before}`,
      );
    }
  }
  if (file.undated !== undefined && file.horizons.length > 1) {
    throw packError(
      pack,
      ['horizons', 1],
      'an undated pack has one horizon: without dates nothing tells one from another',
      'keep the horizon that the target stands for',
    );
  }
  const names = file.horizons.map((horizon) => `${horizon}d`);
  for (const key of Object.keys(file.learner.by_horizon)) {
    requireKnown(pack, ['learner', 'by_horizon', key], 'horizon', key, names);
  }
}

/** Candidates are told apart by name, and rows are weighed by a feature. */
function checkLearner({ file, features }: Parts, { pack }: Files): void {
  const { candidates, imbalance } = file.learner;
  for (const [index, { name }] of candidates.entries()) {
    if (candidates.findIndex((candidate) => candidate.name === name) === index) continue;
    throw packError(pack, ['learner', 'candidates', index, 'name'], `the candidate ${name} is named twice`);
  }
  if (imbalance.method === 'weights')
    requireKnown(
      pack,
      ['learner', 'imbalance', 'column'],
      'feature',
      imbalance.column,
      Object.keys(features),
    );
}

function checkTiers({ file, playbook }: Parts, files: Files): void {
  const ladder = file.tiers.ladder.map((tier) => tier.name);
  const tiers = [...ladder, file.tiers.otherwise];
  for (const [index, tier] of file.tiers.ladder.entries()) {
    const path = ['tiers', 'ladder', index];
    if (tiers.indexOf(tier.name) !== index || tier.name === file.tiers.otherwise) {
      throw packError(files.pack, [...path, 'name'], `the tier ${tier.name} is named twice`);
    }
    if (!file.horizons.includes(tier.horizon)) {
      throw packError(
        files.pack,
        [...path, 'horizon'],
        `the tier ${tier.name} looks ${tier.horizon} days ahead, but that is not one of the horizons ${file.horizons.join(', ')}`,
      );
    }
  }
  for (const tier of tiers) {
    if (playbook.tiers[tier] === undefined) {
      throw new HoldfastError('HF105', {
        message: `the playbook does not say what to do for the tier ${tier}`,
        hint: `add the tier ${tier} with action, owner and sla`,
        place: { file: files.playbook.path, field: 'tiers' },
      });
    }
  }
  for (const tier of Object.keys(playbook.tiers)) {
    requireKnown(files.playbook, ['tiers', tier], 'tier', tier, tiers);
  }
  for (const [name, list] of Object.entries(file.lists)) {
    requireKnown(files.pack, ['lists', name, 'tier'], 'tier', list.tier, tiers);
  }
}

function checkFeatures({ file, features, playbook }: Parts, files: Files): void {
  const names = Object.keys(features);
  if (names.length === 0) throw packError(files.features, ['features'], 'a pack has at least one feature');
  const known = file.time?.known ?? {};
  for (const [name, feature] of Object.entries(features)) {
    const path = ['features', name];
    requireKnown(files.features, [...path, 'source'], 'source', feature.source, [
      ...Object.keys(known),
      'snapshot',
    ]);
    checkWindow(files.features, path, feature, known[feature.source]);
    checkRange(files.features, path, feature);
    checkReason(files.features, path, feature);
  }
  for (const [name, list] of Object.entries(file.lists)) {
    for (const [index, column] of list.columns.entries()) {
      requireKnown(files.pack, ['lists', name, 'columns', index], 'feature', column, names);
    }
  }
  checkEvaluation(file, files.pack, features);
  for (const part of ['inputs', 'frozen'] as const)
    for (const [index, name] of (file.dashboard[part] ?? []).entries())
      requireKnown(files.pack, ['dashboard', part, index], 'feature', name, names);
  const revenue = file.value.monthly_revenue;
  requireKnown(files.pack, ['value', 'monthly_revenue', 'column'], 'feature', revenue.column, names);
  for (const [index, { feature }] of file.audit.acknowledged.entries()) {
    if (feature === undefined) continue;
    requireKnown(files.pack, ['audit', 'acknowledged', index, 'feature'], 'feature', feature, names);
  }
  for (const driver of Object.keys(playbook.drivers)) {
    requireKnown(files.playbook, ['drivers', driver], 'feature', driver, names);
  }
}

function checkEvaluation(
  { evaluation, horizons }: Parts['file'],
  pack: YamlFile,
  features: Parts['features'],
): void {
  const names = Object.keys(features);
  for (const [index, name] of evaluation.segments.entries()) {
    requireKnown(pack, ['evaluation', 'segments', index], 'feature', name, names);
  }
  for (const [horizon, hypotheses] of Object.entries(evaluation.hypotheses)) {
    const at = ['evaluation', 'hypotheses', horizon];
    requireKnown(
      pack,
      at,
      'horizon',
      horizon,
      horizons.map((days) => `${days}d`),
    );
    for (const [index, { feature, raised_by: raisedBy }] of hypotheses.entries()) {
      requireKnown(pack, [...at, index, 'feature'], 'feature', feature, Object.keys(features));
      if (raisedBy !== undefined && features[feature]?.type === 'categorical')
        throw packError(
          pack,
          [...at, index, 'raised_by'],
          `${feature} is categorical: its values are neither higher nor lower`,
          'remove raised_by',
        );
    }
  }
}

function checkRange(file: YamlFile, path: KeyPath, { type, range }: Feature): void {
  if (range === undefined) return;
  if (type === 'categorical') {
    throw packError(file, [...path, 'range'], 'a categorical feature has no range', 'remove the range');
  }
  const [smallest, largest] = range;
  if (smallest !== null && largest !== null && smallest > largest) {
    throw packError(
      file,
      [...path, 'range'],
      `the range ends at ${largest}, before it begins at ${smallest}`,
    );
  }
}

/** A window that reaches further back than its table's lookback would see less than it says. */
function checkWindow(file: YamlFile, path: KeyPath, { source, window }: Feature, table?: KnownTable): void {
  const at = [...path, 'window'];
  if ((source === 'snapshot') !== (window === 'snapshot')) {
    throw packError(
      file,
      at,
      `the source ${source} does not go with the window ${typeof window === 'string' ? window : JSON.stringify(window)}`,
      'a feature of the snapshot has the window snapshot, any other a length or history',
    );
  }
  const lookback = table?.lookback;
  if (lookback === undefined || lookback === 'all' || window === 'snapshot') return;
  const longer =
    window === 'history' ||
    ('days' in window && 'days' in lookback && window.days > lookback.days) ||
    ('months' in window && 'months' in lookback && window.months > lookback.months);
  if (longer) {
    throw packError(
      file,
      at,
      `the window reaches further back than the lookback of ${source}`,
      'lengthen time.known lookback in pack.yaml or shorten the window',
    );
  }
}

/** Tables that Holdfast itself makes from labels, training and scoring. */
const OWN_TABLES = ['gold.churn_labels', 'gold.churn_training_set', 'gold.churn_scores'];

function checkTables({ file, expectations, sql }: Parts, files: Files): void {
  const sources = Object.keys(file.sources).map((name) => `bronze.${name}`);
  for (const item of sql) {
    if ([...sources, ...OWN_TABLES].includes(item.table)) {
      throw new HoldfastError('HF402', {
        message: `the table ${item.table} is made by Holdfast itself`,
        hint: 'give the SQL file, and so its table, another name',
        place: { file: shownPath(`${files.folder}/${item.path}`) },
      });
    }
  }
  const lists = new Map<string, string>();
  for (const [name, list] of Object.entries(file.lists)) {
    const other = lists.get(list.table) ?? (isMade(list.table, sources, sql) ? 'another table' : undefined);
    if (other !== undefined) {
      throw packError(
        files.pack,
        ['lists', name, 'table'],
        `the table ${list.table} is already that of ${other}`,
      );
    }
    lists.set(list.table, name);
  }
  const made = [...sources, ...sql.map((item) => item.table)];
  requireMade(files.pack, ['features', 'table'], file.features.table, made);
  if (file.undated !== undefined) requireMade(files.pack, ['undated', 'table'], file.undated.table, made);
  if (file.time !== undefined) checkTimeTables(file.time, files.pack, made);
  if (files.expectations === undefined) return;
  for (const table of Object.keys(expectations)) {
    requireKnown(files.expectations, ['tables', table], 'table', table, made);
  }
}

function checkTimeTables(time: DatedTime, pack: YamlFile, made: readonly string[]): void {
  requireMade(pack, ['time', 'spine', 'table'], time.spine.table, made);
  requireMade(pack, ['time', 'event', 'table'], time.event.table, made);
  if (typeof time.observed_to !== 'string') {
    requireMade(pack, ['time', 'observed_to', 'table'], time.observed_to.table, made);
  }
  for (const [name, known] of Object.entries(time.known)) {
    requireMade(pack, ['time', 'known', name, 'table'], known.table, made);
  }
}

/** Throws HF105 where no source and no SQL file makes the table that a key names. */
function requireMade(pack: YamlFile, path: KeyPath, table: string, made: readonly string[]): void {
  if (made.includes(table)) return;
  const nearest = nearestWord(table, made);
  const line = pack.lineOf(path);
  throw new HoldfastError('HF105', {
    message: `no file of the pack makes the table ${table}`,
    hint:
      nearest === undefined
        ? `write sql/${table.replace('.', '/')}.sql, or name a table that is there`
        : `did you mean ${nearest}?`,
    place: { file: pack.path, field: formatKeyPath(path), ...(line === undefined ? {} : { line }) },
  });
}

function isMade(table: string, sources: readonly string[], sql: Parts['sql']): boolean {
  return sources.includes(table) || OWN_TABLES.includes(table) || sql.some((item) => item.table === table);
}

/** Throws HF106 where `word` is none of `known`, with the nearest of them. */
function requireKnown(
  file: YamlFile,
  path: KeyPath,
  what: string,
  word: string,
  known: readonly string[],
): void {
  if (known.includes(word)) return;
  const nearest = nearestWord(word, known);
  throw packError(
    file,
    path,
    `the ${what} ${word} is unknown`,
    nearest === undefined
      ? known.length > 0 && known.length <= 12
        ? `known are ${known.join(', ')}`
        : undefined
      : `did you mean ${nearest}?`,
  );
}
