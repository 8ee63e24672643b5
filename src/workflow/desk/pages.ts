/** The pages of the dashboard that are about one entity, the models, the data, and what would be if. */
import { stat } from 'node:fs/promises';
import { SCORES_TABLE } from '../../decide/index.ts';
import {
  type Customer,
  type CustomerRow,
  type DataHealth,
  type Performance,
  type ReadModel,
  scoreRowsOf,
  type WhatIfStart,
} from '../../desk/index.ts';
import { LABELS_TABLE } from '../../prepare/index.ts';
import { evaluationFile } from '../evaluation-file.ts';
import { readCustomerPage } from './customer-page.ts';
import { readDataHealth } from './data-page.ts';
import type { DeskParts } from './desk-parts.ts';
import { pageParts, remembered } from './page-parts.ts';
import { readPerformance } from './performance-page.ts';
import { whatIfAnywhere, whatIfFrom } from './what-if.ts';

export interface Pages {
  /**
   * The page of an entity whose row of scores is at hand, of the version of scores that the row is from, by default the
   * newest. HF603 where that does not hold it.
   */
  customer(row: CustomerRow, source?: ReadModel['source']): Promise<Customer>;
  /** Whether any score date holds this id. */
  isScored(id: string): Promise<boolean>;
  /** Made anew where scores, labels, the registry or the evaluation have changed. */
  performance(): Promise<Performance>;
  /** Made anew where a table has changed. */
  data(): Promise<DataHealth>;
  /** HF603 for an id that the newest scores do not hold. */
  whatIfFrom(id: string): Promise<WhatIfStart>;
  /** Without its id; `pick` chooses it. HF603 where it finds none. */
  whatIfAnywhere(pick: () => Promise<string | null>): Promise<WhatIfStart>;
}

/** Opens the pages over parts that the caller releases. */
export function openPages(desk: DeskParts): Pages {
  const parts = pageParts(desk);
  const performance = remembered<Performance>();
  const data = remembered<DataHealth>();
  const versionOf = async (table: string): Promise<string> => {
    if (!(await parts.lake.exists(table))) return '';
    const { id, version } = await parts.lake.snapshot(table);
    return `${id} ${String(version)}`;
  };
  return {
    customer: (row, source) => readCustomerPage(parts, row, source),
    async isScored(id) {
      const scores = await parts.views.newest(SCORES_TABLE);
      if (scores === undefined) return false;
      return (await scoreRowsOf(parts.engine, scores, parts.pack.file.entity.key, id)).length > 0;
    },
    async performance() {
      const { number, champion } = await parts.registry.state();
      const tables = await Promise.all([SCORES_TABLE, LABELS_TABLE].map(versionOf));
      const file = champion === null ? '' : await stampOf(evaluationFile(parts, champion));
      return performance([...tables, String(number), file].join('|'), () => readPerformance(parts));
    },
    async data() {
      const { number } = await parts.registry.state();
      const tables = await Promise.all((await parts.lake.names()).map(versionOf));
      return data([...tables, String(number)].join('|'), () => readDataHealth(parts));
    },
    whatIfFrom: (id) => whatIfFrom(parts, id),
    whatIfAnywhere: (pick) => whatIfAnywhere(parts, pick),
  };
}

async function stampOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  return found === undefined ? '' : `${String(found.mtimeMs)} ${String(found.size)}`;
}
