/** Pages of the queue: which rows, in which order, and what they come to. */
import { type Engine, type Row, textOf, type Value } from '../engine/index.ts';
import { HoldfastError } from '../kernel/index.ts';
import type { CustomerRow, Customers, CustomersQuery } from './contract.ts';
import { type Asking, conditionOf, fromModel, orderOf, STATUS } from './customers-filter.ts';
import type { ReadModel } from './read-model.ts';

const ROWS_USUALLY = 50;

/** One question to a model, on a session of its own. */
export interface Question extends Asking {
  readonly engine: Engine;
  readonly model: ReadModel;
}

/** A page of the rows that a query leaves. @throws HF611 with the field that does not fit. */
export async function readCustomers(question: Question, query: CustomersQuery): Promise<Customers> {
  const { engine, model } = question;
  const { offset = 0, limit = ROWS_USUALLY } = query;
  const condition = conditionOf(query, model, question);
  const keys = orderOf(query, model);
  const sorted = keys.map((key, index) => `${key.expression} AS sort_${String(index)}`).join(', ');
  const order = keys.map((key, index) => `sort_${String(index)} ${key.direction}`).join(', ');
  const found = await engine.rows(
    // One statement, so that rows and total belong together while others are at work.
    `WITH filtered AS MATERIALIZED (
       SELECT scores.place, scores.exact_value_at_risk, ${sorted} ${fromModel(model)} WHERE ${condition.sql}
     ),
     totals AS (SELECT count(*) AS total, sum(exact_value_at_risk) AS total_value FROM filtered),
     page AS (
       SELECT place, row_number() OVER (ORDER BY ${order}) AS rank
       FROM (SELECT * FROM filtered ORDER BY ${order} LIMIT CAST($limit AS BIGINT) OFFSET CAST($offset AS BIGINT)) AS cut
     )
     SELECT totals.total, totals.total_value, page.rank, ${ROW_COLUMNS}
     FROM totals LEFT JOIN page ON true
     LEFT JOIN ${model.scores} AS scores ON scores.place = page.place
     LEFT JOIN ${model.work} AS work ON work.id = scores.id
     ORDER BY page.rank`,
    { ...condition.parameters, offset, limit },
  );
  return {
    as_of: model.asOf,
    total: Number(found[0]?.['total'] ?? 0),
    value_at_risk: Number(found[0]?.['total_value'] ?? 0),
    offset,
    limit,
    rows: found.filter((row) => row['rank'] !== null).map((row) => presentRow(row, model)),
  };
}

/** One row by its id. @throws HF603 where it is not in the newest scores. */
export async function readCustomer({ engine, model }: Question, id: string): Promise<CustomerRow> {
  const [row] = await engine.rows(`SELECT ${ROW_COLUMNS} ${fromModel(model)} WHERE scores.id = $id`, { id });
  if (row !== undefined) return presentRow(row, model);
  throw new HoldfastError('HF603', {
    message: `there is none with this id in the scores of ${model.asOf}`,
    hint: 'see whether the id is written as in the data; who has left or is new is not scored',
  });
}

/** A random id of those that a query leaves; null where there is none. */
export async function randomId(question: Question, query: CustomersQuery): Promise<string | null> {
  const { engine, model } = question;
  const condition = conditionOf(query, model, question);
  const [row] = await engine.rows(
    `SELECT scores.id ${fromModel(model)} WHERE ${condition.sql} ORDER BY random() LIMIT 1`,
    condition.parameters,
  );
  return row === undefined ? null : textOf(row['id']);
}

/** More than people take while an answer is made. */
const IDS_AT_MOST = 5000;

/** The first ids that a query leaves, in its order, as they are at this moment. */
export async function firstIds(question: Question, query: CustomersQuery): Promise<string[]> {
  const { engine, model } = question;
  const condition = conditionOf(query, model, question);
  const order = orderOf(query, model)
    .map(({ expression, direction }) => `${expression} ${direction}`)
    .join(', ');
  const rows = await engine.rows(
    `SELECT scores.id ${fromModel(model)} WHERE ${condition.sql} ORDER BY ${order} LIMIT ${String(IDS_AT_MOST)}`,
    condition.parameters,
  );
  return rows.map((row) => textOf(row['id']));
}

const ROW_COLUMNS = `scores.*, ${STATUS} AS work_status,
  CASE WHEN scores.is_contacted THEN work.rule_contacted ELSE work.rule_other END AS work_rule,
  work.assignee_id AS work_assignee_id, work.assignee_name AS work_assignee_name, work.until_day AS work_until,
  work.reason AS work_reason, work.last_outcome AS work_last_outcome, work.last_contact_at AS work_last_contact_at,
  work.contacts AS work_contacts`;

const textOrNull = (value: Value | undefined): string | null =>
  value === null || value === undefined ? null : textOf(value);
const numberOrNull = (value: Value | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

function presentRow(row: Row, { horizons, reasonColumns }: ReadModel): CustomerRow {
  return {
    id: textOf(row['id']),
    tier: textOf(row['tier']),
    tier_before: textOrNull(row['tier_before']),
    action: textOrNull(row['action']),
    owner: textOrNull(row['owner']),
    sla: textOrNull(row['sla']),
    contact_by: textOrNull(row['contact_by']),
    probabilities: horizons.map((days) => ({
      days,
      probability: Number(row[`probability_${String(days)}d`]),
      risk_score: Number(row[`risk_score_${String(days)}d`]),
      decile: Number(row[`risk_decile_${String(days)}d`]),
    })),
    remaining_value: numberOrNull(row['remaining_value']),
    value_at_risk: numberOrNull(row['value_at_risk']),
    expected_gain: numberOrNull(row['expected_gain']),
    reasons: reasonColumns.flatMap((column) => textOrNull(row[column]) ?? []),
    intervention: textOrNull(row['intervention']),
    work: presentWork(row),
  };
}

function presentWork(row: Row): CustomerRow['work'] {
  const assignee = textOrNull(row['work_assignee_id']);
  return {
    status: textOf(row['work_status']) as CustomerRow['work']['status'],
    assignee: assignee === null ? null : { id: assignee, name: textOf(row['work_assignee_name']) },
    until: textOrNull(row['work_until']),
    reason: textOrNull(row['work_reason']),
    rule: textOrNull(row['work_rule']),
    last_outcome: textOrNull(row['work_last_outcome']) as CustomerRow['work']['last_outcome'],
    last_contact_at: textOrNull(row['work_last_contact_at']),
    contacts: Number(row['work_contacts'] ?? 0),
  };
}
