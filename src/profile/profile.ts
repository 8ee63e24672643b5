/** Looks at one table: what its columns are, which says who left, and what somebody should know of it. */
import type { ColumnProfile, ColumnSeparation, TableProfile, TargetProfile } from '../domain/index.ts';
import { type Column, type Engine, textOf } from '../engine/index.ts';
import { HoldfastError, type Progress, silentProgress } from '../kernel/index.ts';
import { type ColumnContent, measureContent } from './column-content.ts';
import { duplicatesOf } from './duplicates.ts';
import { findingsOf, type MalformedLines } from './findings.ts';
import { judgeKey, type KeyCandidate } from './key.ts';
import { type JudgedKind, judgeKind, type WritingHints } from './kind.ts';
import { loadSample } from './matrix.ts';
import { orderTells, pairsOf, separations } from './relations.ts';
import { copiesOf, judgeRole, type JudgedRole } from './roles.ts';
import { dropStaged, STAGED, type StagedColumn, type StagedRows, stageRows } from './staged-rows.ts';
import { findColumn, type JudgedTarget, judgeTarget, type TargetWishes } from './target.ts';
import { measureShapes, type TextShapes } from './text-shapes.ts';
import { unitOf } from './vocabulary.ts';

/** A wider table is refused: a model of so many columns needs a selection that nobody can make for its owner. */
const MOST_COLUMNS = 1000;

export interface ProfileParts {
  readonly engine: Engine;
  /** FROM expression. */
  readonly from: string;
  readonly columns: readonly Column[];
  /** As people know the table. */
  readonly name: string;
  /** Lines that a scan of `from` left out, asked for after it. */
  readonly malformed?: () => Promise<MalformedLines | null>;
  readonly progress?: Progress;
}

export interface ProfileWishes extends Partial<TargetWishes> {
  readonly target?: string;
  /** Whether to stop without one, naming those that are likely. */
  readonly requiresTarget?: boolean;
  /** A column, or `none`. */
  readonly key?: string;
  /** Columns that hold dates, whatever they look like. */
  readonly dates?: readonly string[];
  readonly hints?: WritingHints;
  /** Further texts that stand for a missing value. */
  readonly missing?: readonly string[];
}

/** A column on its way through the passes. */
interface MeasuredColumn {
  readonly staged: StagedColumn;
  readonly shapes: TextShapes;
  readonly judged: JudgedKind;
  readonly content: ColumnContent;
}

/**
 * Profiles a table. Throws HF206 without rows, HF207 above `MOST_COLUMNS` columns, and what `findColumn` and
 * `judgeTarget` throw.
 */
export async function profileTable(parts: ProfileParts, wishes: ProfileWishes = {}): Promise<TableProfile> {
  const { engine, columns, name, progress = silentProgress } = parts;
  checkWidth(name, columns);
  const names = columns.map((column) => column.name);
  const targetName =
    wishes.target === undefined && wishes.requiresTarget !== true
      ? undefined
      : findColumn(wishes.target, names, '--target');
  const keyName =
    wishes.key === undefined || wishes.key === 'none' ? wishes.key : findColumn(wishes.key, names, '--id');
  const staged = await stageRows(engine, parts.from, columns);
  const malformed = (await parts.malformed?.()) ?? null;
  try {
    if (staged.rows === 0)
      throw new HoldfastError('HF206', {
        message: 'the table has no rows',
        hint: 'give a table with a row for each customer',
        place: { file: name },
      });
    const target = targetName === undefined ? undefined : await targetOf(staged, targetName, wishes);
    const label = labelSql(engine, staged, target?.target);
    const measured = await measureColumns(staged, label, wishes, progress);
    const judgedKey = judgeKey(
      measured.filter(({ staged: { name: own } }) => own !== targetName).map(keyCandidate),
      keyName,
    );
    const isFeature = ({ staged: { name: own } }: MeasuredColumn): boolean =>
      own !== targetName && own !== judgedKey.column;
    const keyId = staged.columns.find((column) => column.name === judgedKey.column)?.id;
    const { sample, orders } = await loadSample(
      engine,
      staged.rows,
      measured
        .filter((column) => isFeature(column) && column.judged.kind !== 'empty')
        .map(({ staged: { name: own, id }, judged: { kind, reading } }) => ({
          name: own,
          kind,
          value: filledIn(reading.sql, id),
        })),
      { label, ...(keyId === undefined ? {} : { key: keyId }) },
    );
    const key = { ...judgedKey, tellsTarget: orderTells(sample, orders) };
    const alone = separations(sample);
    const pairs = pairsOf(sample);
    const roles = rolesOf(measured, alone, pairs, { key: key.column, target: targetName });
    const profiled = measured.map((column) => columnProfile(column, staged.rows, alone, roles));
    const duplicates = await duplicatesOf(staged, key.column);
    const profile = {
      name,
      rows: staged.rows,
      columns: profiled,
      target: target?.target ?? null,
      key,
      duplicates,
      pairs,
    };
    return {
      ...profile,
      findings: findingsOf(profile, {
        malformed,
        target: target?.doubts ?? [],
        columns: new Map(
          measured.map(({ staged: { name: own }, judged }) => [
            own,
            [...judged.doubts, ...(roles.get(own)?.doubt == null ? [] : [String(roles.get(own)?.doubt)])],
          ]),
        ),
      }),
    };
  } finally {
    await dropStaged(engine);
  }
}

function checkWidth(name: string, columns: readonly Column[]): void {
  if (columns.length < 2)
    throw new HoldfastError('HF207', {
      message: `this is no table: it has one column, ${JSON.stringify(columns[0]?.name ?? '')}`,
      hint: 'give a table with a header line and a column for each thing known of a customer',
      place: { file: name },
    });
  if (columns.length <= MOST_COLUMNS) return;
  throw new HoldfastError('HF207', {
    message: `the table has ${String(columns.length)} columns, and ${String(MOST_COLUMNS)} are the most that are looked at`,
    hint: 'give a table with the columns that matter',
    place: { file: name },
  });
}

/** SQL of a reading over a staged column. */
const filledIn = (sql: string, column: string): string => sql.replaceAll('{column}', column);

async function targetOf(
  { engine, columns }: StagedRows,
  name: string,
  { positive = [], negative = [] }: ProfileWishes,
): Promise<JudgedTarget> {
  const id = columns.find((column) => column.name === name)?.id ?? '';
  const rows = await engine.rows(
    `SELECT ${id} AS value, count(*) AS n FROM ${STAGED} GROUP BY 1 ORDER BY 2 DESC, 1`,
  );
  const values = rows.map((row) => ({
    value: row['value'] === null ? null : textOf(row['value']),
    rows: Number(row['n']),
  }));
  return judgeTarget(name, values, { positive, negative });
}

function labelSql(engine: Engine, { columns }: StagedRows, target: TargetProfile | undefined): string {
  const id = columns.find(({ name }) => name === target?.column)?.id;
  if (target === undefined || id === undefined) return 'CAST(NULL AS INTEGER)';
  const among = (values: readonly string[]): string =>
    `${id} IN (${values.map((value) => engine.literal(value)).join(', ')})`;
  return `CASE WHEN ${among(target.positive)} THEN 1 WHEN ${among(target.negative)} THEN 0 END`;
}

async function measureColumns(
  staged: StagedRows,
  label: string,
  { hints = {}, missing = [], dates = [] }: ProfileWishes,
  progress: Progress,
): Promise<MeasuredColumn[]> {
  const names = staged.columns.map(({ name }) => name);
  const dateNames = dates.map((date) => findColumn(date, names, '--date'));
  const task = progress.start('look at columns', { total: staged.columns.length, unit: 'columns' });
  const measured: MeasuredColumn[] = [];
  for (const column of staged.columns) {
    const shapes = await measureShapes(staged, column, missing);
    const isDate = dateNames.includes(column.name);
    const judged = judgeKind(column.name, shapes, { ...hints, ...(isDate ? { isDate } : {}) });
    const value = filledIn(judged.reading.sql, column.id);
    const content = await measureContent(staged.engine, judged.kind, value, label);
    measured.push({ staged: column, shapes, judged, content });
    task.update(measured.length);
  }
  task.done();
  return measured;
}

function keyCandidate({ staged, shapes, judged, content }: MeasuredColumn): KeyCandidate {
  return {
    name: staged.name,
    kind: judged.kind,
    rows: shapes.empty + shapes.present + shapes.words.reduce((sum, { rows }) => sum + rows, 0),
    missing: shapes.empty + judged.wordRows,
    distinct: content.distinct,
    isWhole: judged.kind === 'code' || (judged.kind === 'numeric' && judged.isWhole),
    least: content.numbers?.least ?? null,
    most: content.numbers?.most ?? null,
  };
}

function rolesOf(
  measured: readonly MeasuredColumn[],
  alone: ReadonlyMap<string, ColumnSeparation>,
  pairs: TableProfile['pairs'],
  { key, target }: { readonly key: string | null; readonly target: string | undefined },
): Map<string, JudgedRole> {
  const roles = new Map<string, JudgedRole>();
  for (const column of measured) {
    const { name } = column.staged;
    const { missing, rows, distinct } = keyCandidate(column);
    roles.set(
      name,
      name === key
        ? { role: 'key', why: null, doubt: null }
        : name === target
          ? { role: 'target', why: null, doubt: null }
          : judgeRole({
              name,
              kind: column.judged.kind,
              rows,
              missing: Math.max(missing, rows - column.content.present),
              distinct,
              meanLength: column.shapes.meanLength,
              numbers: column.content.numbers,
              separation: alone.get(name) ?? null,
            }),
    );
  }
  const features = [...roles].filter(([, { role }]) => role === 'feature').map(([name]) => name);
  const among = pairs.filter(({ one, other }) => features.includes(one) && features.includes(other));
  for (const [name, { of, pair }] of copiesOf(among, features))
    roles.set(name, { role: 'copy', why: copyText(of, pair), doubt: null });
  return roles;
}

function copyText(of: string, { one, correlation, factor }: TableProfile['pairs'][number]): string {
  if (factor !== null) {
    const times = one === of ? 1 / factor : factor;
    return `it is ${of} times ${String(Number(times.toPrecision(3)))}`;
  }
  return Math.abs(correlation) === 1
    ? `it says the same as ${of}`
    : `it goes with ${of} (correlation ${correlation.toFixed(3)})`;
}

function columnProfile(
  { staged, shapes, judged, content }: MeasuredColumn,
  rows: number,
  alone: ReadonlyMap<string, ColumnSeparation>,
  roles: ReadonlyMap<string, JudgedRole>,
): ColumnProfile {
  const missing = shapes.empty + judged.wordRows;
  const { role, why } = roles.get(staged.name) ?? { role: 'feature', why: null };
  return {
    name: staged.name,
    storedType: staged.storedType,
    kind: judged.kind,
    reading: judged.reading,
    role,
    why,
    unit: judged.kind === 'numeric' ? unitOf(staged.name) : null,
    rows,
    missing,
    unreadable: judged.kind === 'empty' ? 0 : Math.max(0, rows - missing - content.present),
    distinct: content.distinct,
    values: content.values,
    numbers: content.numbers,
    histogram: content.histogram,
    dates: content.dates,
    separation: alone.get(staged.name) ?? null,
  };
}
