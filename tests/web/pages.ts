/** The pages of the dashboard, and the states that each can be in, made at the browser's edge: in its requests. */
import type { Page, Route } from 'playwright-core';
import type {
  Customer,
  Customers,
  DataHealth,
  Overview,
  Performance,
  WhatIfStart,
} from '../../src/desk/index.ts';

export const STATES = ['full', 'empty', 'loading', 'error'] as const;
export type State = (typeof STATES)[number];

export interface DashboardPage {
  readonly name: string;
  /** Its heading. */
  readonly heading: RegExp;
  /** Its address, given the id of a customer. */
  readonly address: (id: string) => string;
  /** What it asks the interface for, in the way that `page.route` names it. */
  readonly asks: RegExp;
  /** The document of a workspace in which there is nothing to show. */
  readonly empty: (document: unknown) => unknown;
}

/** Writes a function over a document of the contract as one over what came over the line. */
const over =
  <T>(change: (document: T) => T) =>
  (document: unknown): unknown =>
    change(document as T);

const NOBODY = { now: 0, before: null };

export const PAGES: readonly DashboardPage[] = [
  {
    name: 'overview',
    heading: /overview|risk/i,
    address: () => '/app/',
    asks: /\/v1\/overview$/,
    empty: over<Overview>((document) => ({
      ...document,
      previous: null,
      scored: NOBODY,
      value_at_risk: NOBODY,
      tiers: document.tiers.map((tier) => ({ ...tier, count: NOBODY, share: 0, value_at_risk: 0 })),
      histograms: document.histograms.map((histogram) => ({
        ...histogram,
        mean: 0,
        bins: histogram.bins.map((bin) => ({ ...bin, count: 0 })),
      })),
      heatmap: {
        ...document.heatmap,
        cells: document.heatmap.cells.map((cell) => ({ ...cell, count: 0 })),
      },
      teams: document.teams.map((team) => ({
        ...team,
        ...{ due: 0, overdue: 0, assigned: 0, snoozed: 0, suppressed: 0, done: 0, value_at_risk: 0 },
      })),
      contacts: [],
    })),
  },
  {
    name: 'queue',
    heading: /queue/i,
    address: () => '/app/queue?tier=RED',
    asks: /\/v1\/customers(\?|$)/,
    empty: over<Customers>((document) => ({
      ...document,
      ...{ total: 0, value_at_risk: 0, offset: 0, rows: [] },
    })),
  },
  {
    name: 'customer',
    heading: /\w/,
    address: (id) => `/app/customers/${encodeURIComponent(id)}`,
    asks: /\/v1\/customers\/[^/]+$/,
    empty: over<Customer>((document) => ({
      ...document,
      customer: {
        ...document.customer,
        ...{ tier_before: null, remaining_value: null, value_at_risk: null, expected_gain: null },
        ...{ reasons: [], intervention: null },
      },
      history: document.history.slice(0, 1),
      reasons: [],
      features: [],
      contributions: null,
      contributions_missing: 'the models are of another day',
      timeline: [],
      timeline_left_out: 0,
      work_history: [],
    })),
  },
  {
    name: 'what-if',
    heading: /what.?if/i,
    address: (id) => `/app/what-if?id=${encodeURIComponent(id)}`,
    asks: /\/v1\/what-if\/start/,
    empty: over<WhatIfStart>((document) => ({ ...document, id: null })),
  },
  {
    name: 'performance',
    heading: /performance|trust/i,
    address: () => '/app/performance',
    asks: /\/v1\/performance$/,
    empty: over<Performance>((document) => ({
      ...document,
      evaluated_at: null,
      evaluation_missing: 'the set in use was not evaluated',
      trend: [],
      horizons: [],
      champion: null,
      challenger: null,
      gates_set: null,
      gates: [],
      card: { intended_use: null, limits: [] },
    })),
  },
  {
    name: 'data',
    heading: /data/i,
    address: () => '/app/data',
    asks: /\/v1\/data$/,
    empty: over<DataHealth>((document) => ({
      ...document,
      ...{ as_of: null, observed_to: null, sources: [], tables: [], expectations: [], features: [] },
      ...{ snapshot_rows: 0, quarantined_rows: 0 },
    })),
  },
];

/** What the interface answers where something of its own broke. */
export const FAULT = {
  error: {
    code: 'HF900',
    message: 'an internal fault',
    hint: 'look into the log of the server',
  },
};

/** From now on the page is in a state; `loading` is one that never ends. */
export async function putInto(page: Page, state: State, { asks, empty }: DashboardPage): Promise<void> {
  const answer: Readonly<Record<Exclude<State, 'full'>, (route: Route) => Promise<void>>> = {
    async empty(route) {
      const response = await route.fetch();
      await route.fulfill({ response, json: empty(await response.json()) });
    },
    loading: () => Promise.resolve(),
    error: (route) => route.fulfill({ status: 500, json: FAULT }),
  };
  if (state !== 'full') await page.route(asks, answer[state]);
}
