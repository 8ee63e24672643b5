/** A desk over a workspace of made-up scores, with a clock and people at work. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { resolveConfig } from '../../src/config/index.ts';
import { openDuckDb, type Row } from '../../src/engine/index.ts';
import { type Clock, systemClock } from '../../src/kernel/index.ts';
import { openLake } from '../../src/lake/index.ts';
import type { Pack } from '../../src/pack/index.ts';
import { type Actor, type Desk, openDesk, openWork, type ScoringService } from '../../src/workflow/index.ts';
import { requestFeatures } from '../../src/workflow/serving/request-features.ts';
import { type MadeScores, writeMadeScores } from './made-scores.ts';

export const ANN: Actor = { id: 'ann', name: 'Ann', isLead: false };
export const LEA: Actor = { id: 'lea', name: 'Lea', isLead: true };

export interface MadeDesk extends AsyncDisposable {
  readonly desk: Desk;
  readonly service: ScoringService;
  readonly pack: Pack;
  readonly folder: string;
  /** Sets the clock. */
  at(instant: string): void;
  readonly clock: Clock;
  score(made: Omit<MadeScores, 'lake' | 'pack'>): Promise<void>;
  /** Another server over the same workspace; the caller disposes it. */
  another(): Promise<Desk>;
  /** Rows of a query over the lake, not through the desk. */
  lake(sql: string): Promise<Row[]>;
}

export async function openMadeDesk(): Promise<MadeDesk> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-desk-'));
  const flags = { workspace: folder, pack: 'broadband', 'engine.threads': '2' };
  const { config, pack } = await resolveConfig({
    flags: Object.entries(flags).map(([key, value]) => ({ key, value, flag: `--${key}` })),
  });
  let now = new Date('2024-10-02T12:00:00Z');
  const clock: Clock = { now: () => now };
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const service = serviceOf(pack);
  const lake = path.join(folder, 'lake');
  const open = (): Promise<Desk> =>
    openDesk({
      config,
      pack,
      clock,
      service,
      log: silent,
      openWork: () => openWork({ stateFolder: config.state, databaseUrl: undefined, clock, log: silent }),
    });
  const desk = await open();
  return {
    desk,
    service,
    pack,
    folder,
    clock,
    at(instant) {
      now = new Date(instant);
    },
    score: (made) => writeMadeScores({ ...made, lake, pack }),
    another: open,
    async lake(sql) {
      await using engine = await openDuckDb();
      await openLake({ root: lake, engine, clock: systemClock }).attach();
      return await engine.rows(sql);
    },
    async [Symbol.asyncDispose]() {
      await desk[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** It knows the features, and scores nothing. */
export const serviceOf = (pack: Pack): ScoringService => ({
  set: null,
  notReadyReason: 'nothing is loaded',
  idField: 'customer_id',
  features: requestFeatures(pack, undefined, new Set()),
  score() {
    throw new Error('nothing is loaded');
  },
  reload: () => Promise.reject(new Error('nothing is loaded')),
  [Symbol.asyncDispose]: () => Promise.resolve(),
});
