/** Cease rates in the nodes of the published tree. */
import type { Engine } from '../../src/engine/index.ts';
import type { Figure } from './figure.ts';
import type { ConditionalRate, PublishedFacts } from './published-facts.ts';
import { OWN_ROWS } from './shares.ts';

export interface NodeRate {
  readonly conditions: readonly string[];
  readonly publishedRows: number;
  readonly publishedRate: number;
  /** Share of the training snapshots that are in the node. */
  readonly publishedShare: number;
  readonly share: number;
  readonly rate: number | null;
  readonly ownRate: number | null;
}

const MOST_MEAN_ERROR = 0.15;
const LARGE_NODE_ROWS = 50_000;
const MOST_ERROR_OF_LARGE = 0.35;

export async function compareConditionalRates(
  engine: Engine,
  facts: PublishedFacts,
): Promise<{ figures: Figure[]; nodes: NodeRate[] }> {
  const total = facts.conditionalRates[0]?.rows ?? 1;
  const nodes = await nodeRates(engine, facts.conditionalRates, total);
  const inner = nodes.filter(({ conditions }) => conditions.length > 0);
  const large = inner.filter(({ publishedRows }) => publishedRows >= LARGE_NODE_ROWS);
  const meanError = (rateOf: (node: NodeRate) => number | null): number =>
    inner.reduce((sum, node) => sum + node.publishedRows * errorOf(node, rateOf(node)), 0) /
    inner.reduce((sum, node) => sum + node.publishedRows, 0);
  const worst = (rateOf: (node: NodeRate) => number | null): number =>
    Math.max(...large.map((node) => errorOf(node, rateOf(node))));
  const byProtocol = (node: NodeRate): number | null => node.rate;
  const byOwnRules = (node: NodeRate): number | null => node.ownRate;
  return {
    nodes,
    figures: [
      {
        group: 'Conditional cease rates',
        name: 'mean relative error, weighted by rows',
        published: null,
        measured: meanError(byProtocol),
        ownRules: meanError(byOwnRules),
        bar: { kind: 'at most', most: MOST_MEAN_ERROR },
        unit: 'share',
      },
      {
        group: 'Conditional cease rates',
        name: 'largest relative error of a node of 50,000 rows or more',
        published: null,
        measured: worst(byProtocol),
        ownRules: worst(byOwnRules),
        bar: { kind: 'at most', most: MOST_ERROR_OF_LARGE },
        unit: 'share',
      },
    ],
  };
}

/** How far a rate lies from the published one, as a part of that; a node without rows is wholly wrong. */
function errorOf(node: NodeRate, rate: number | null): number {
  return rate === null ? 1 : Math.abs(rate / node.publishedRate - 1);
}

async function nodeRates(
  engine: Engine,
  published: readonly ConditionalRate[],
  total: number,
): Promise<NodeRate[]> {
  const columns = published.map(({ conditions }, index) => {
    const where = ['true', ...conditions].join(' AND ').replaceAll('sales_channel', 'sales_channel_code');
    const name = String(index);
    return [
      `avg(CAST(${where} AS INTEGER)) AS share_${name}`,
      `avg(label) FILTER (WHERE ${where}) AS rate_${name}`,
      `avg(own_label) FILTER (WHERE ${where} AND ${OWN_ROWS}) AS own_${name}`,
    ].join(', ');
  });
  const [row] = await engine.rows(`SELECT ${columns.join(', ')} FROM snapshot WHERE split = 'train'`);
  const value = (name: string): number | null =>
    row?.[name] === null || row?.[name] === undefined ? null : Number(row[name]);
  return published.map(({ conditions, rows, rate }, index) => ({
    conditions,
    publishedRows: rows,
    publishedRate: rate,
    publishedShare: rows / total,
    share: value(`share_${String(index)}`) ?? 0,
    rate: value(`rate_${String(index)}`),
    ownRate: value(`own_${String(index)}`),
  }));
}
