/**
 * Rows of the four broadband sources with sensible values for what a test does not care about, and the way
 * to land them. A value given in `over` replaces the sensible one.
 */
import { type Row, textOf } from '../../src/engine/index.ts';
import type { InlineRow, TestWorkspace } from './workspace.ts';

type Over = InlineRow;

/** A monthly snapshot of a customer on a date `YYYY-MM-DD`. */
export function snapshot(customer: string, date: string, over: Over = {}): InlineRow {
  return {
    unique_customer_identifier: customer,
    datevalue: date,
    contract_status: '02 In Contract',
    contract_dd_cancels: 0,
    dd_cancel_60_day: 0,
    ooc_days: -200,
    technology: 'FTTC',
    speed: 65,
    line_speed: 52,
    sales_channel: 'Inbound',
    crm_package_name: 'Fast',
    tenure_days: 400,
    ...over,
  };
}

/** A call; the customer service department takes it unless said otherwise. */
export function call(customer: string, date: string, over: Over = {}): InlineRow {
  return {
    unique_customer_identifier: customer,
    event_date: date,
    call_type: 'CS&B',
    talk_time_seconds: 300,
    hold_time_seconds: 60,
    ...over,
  };
}

/** A cease order; without a completion date it is pending, as the source writes it: the text `null`. */
export function cease(customer: string, placed: string, completed = 'null', over: Over = {}): InlineRow {
  return {
    unique_customer_identifier: customer,
    cease_placed_date: placed,
    cease_completed_date: completed,
    reason_description: 'Found a better deal',
    reason_description_insight: 'CompetitorDeals',
    ...over,
  };
}

/** A day of usage in megabytes. */
export function usage(
  customer: string,
  date: string,
  download: number | string,
  upload: number | string = 1,
): InlineRow {
  return {
    unique_customer_identifier: customer,
    calendar_date: date,
    usage_download_mbs: download,
    usage_upload_mbs: upload,
  };
}

export interface BroadbandRows {
  readonly snapshots: readonly InlineRow[];
  readonly calls?: readonly InlineRow[];
  readonly ceases?: readonly InlineRow[];
  readonly usage?: readonly InlineRow[];
}

/**
 * Lands one file a source. A customer without snapshots, `nobody`, has a call, a cease and a day of usage on
 * `sourcesBegin`: so the sources begin on a day that the test decides and none is empty.
 */
export async function landBroadband(
  workspace: TestWorkspace,
  rows: BroadbandRows,
  sourcesBegin = '2020-01-01',
): Promise<void> {
  await workspace.land('customer_info.csv', rows.snapshots);
  await workspace.land('calls.csv', [call('nobody', sourcesBegin), ...(rows.calls ?? [])]);
  await workspace.land('cease.csv', [cease('nobody', sourcesBegin), ...(rows.ceases ?? [])]);
  await workspace.land('usage.csv', [usage('nobody', sourcesBegin, 1), ...(rows.usage ?? [])]);
}

/** Rows of a gold table by `<customer> <observation date>`. */
export function byCustomerAndDate(rows: readonly Row[]): Map<string, Row> {
  return new Map(
    rows.map((row) => [
      `${textOf(row['unique_customer_identifier'])} ${textOf(row['observation_date'])}`,
      row,
    ]),
  );
}
