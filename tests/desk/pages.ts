/** The pages of a workspace as the desk opens them, with nobody at work. */
import type { CustomerRow } from '../../src/desk/index.ts';
import { textOf } from '../../src/engine/index.ts';
import type { WorkBook } from '../../src/work/index.ts';
import {
  type Context,
  openScoringService,
  scoringPartsOf,
  type ScoringService,
} from '../../src/workflow/index.ts';
import { openPages, type Pages } from '../../src/workflow/desk/pages.ts';
import type { TestWorkspace } from '../support/workspace.ts';

export interface PagesOfWorkspace {
  readonly pages: Pages;
  readonly context: Context;
  readonly service: ScoringService;
  /** Ids of the newest scores, by value at risk. */
  readonly ids: readonly string[];
}

/** A row of the queue, of which the pages read the id alone. */
export const rowOf = (id: string): CustomerRow => ({
  id,
  tier: 'RED',
  tier_before: null,
  action: null,
  owner: null,
  sla: null,
  contact_by: null,
  probabilities: [],
  remaining_value: null,
  value_at_risk: null,
  expected_gain: null,
  reasons: [],
  intervention: null,
  work: {
    status: 'due',
    assignee: null,
    until: null,
    reason: null,
    rule: null,
    last_outcome: null,
    last_contact_at: null,
    contacts: 0,
  },
});

/** Nobody ever did anything. */
const noWork: WorkBook = {
  states: () => new Map(),
  history: () => [],
  record: () => Promise.reject(new Error('nobody is at work')),
  takeFirst: () => Promise.resolve(null),
  refresh: () => Promise.resolve(new Set<string>()),
  [Symbol.asyncDispose]: () => Promise.resolve(),
};

export function withPages<T>(
  workspace: TestWorkspace,
  use: (open: PagesOfWorkspace) => Promise<T>,
  settings: Readonly<Record<string, string | number>> = {},
): Promise<T> {
  return workspace.withContext(async (context) => {
    await using service = await openScoringService(scoringPartsOf(context));
    const { config, pack, folders, engine, lake, registry, clock } = context;
    const pages = openPages({ config, pack, folders, engine, lake, registry, clock, service, work: noWork });
    const key = engine.identifier(pack.file.entity.key);
    const isScored = await lake.exists('gold.churn_scores');
    if (isScored) await lake.attach(['gold.churn_scores']);
    const rows = isScored
      ? await engine.rows(
          `SELECT CAST(${key} AS STRING) AS id FROM gold.churn_scores
           WHERE score_date = (SELECT max(score_date) FROM gold.churn_scores) ORDER BY value_at_risk DESC, ${key}`,
        )
      : [];
    return await use({ pages, context, service, ids: rows.map((row) => textOf(row['id'])) });
  }, settings);
}
