/** The dashboard of a workspace: opens what its answers are made from at the first question, and delegates. */
import type { Config } from '../../config/index.ts';
import { spreadsheetSelect } from '../../decide/index.ts';
import {
  csvPieces,
  type CustomerRow,
  type CustomersQuery,
  dropExport,
  EXPORT_ORDER,
  EXPORT_TABLE,
  factsOf,
  fillExport,
  idsInOrder,
  randomId,
  readCustomer,
  readCustomers,
  readOverview,
} from '../../desk/index.ts';
import { duckDbAtFirstUse, type Engine } from '../../engine/index.ts';
import type { Clock } from '../../kernel/index.ts';
import { type Lake, openLake } from '../../lake/index.ts';
import type { Pack } from '../../pack/index.ts';
import { openRegistry } from '../../registry/index.ts';
import { statusOf, type WorkBook } from '../../work/index.ts';
import { withSettings } from '../context.ts';
import { foldersOf } from '../folders.ts';
import type { ScoringService } from '../serving/service.ts';
import type { DeskParts } from './desk-parts.ts';
import type { Actor, CustomersExport, Desk } from './desk.ts';
import { LiveModel, type OpenQuestion } from './live-model.ts';
import { openPages, type Pages } from './pages.ts';
import { whatIf } from './what-if.ts';

export interface OpenDeskOptions {
  readonly config: Config;
  readonly pack: Pack;
  readonly clock: Clock;
  /** Stays with the caller. */
  readonly service: ScoringService;
  /** Opens the record of work; the desk disposes it. */
  readonly openWork: () => Promise<WorkBook>;
}

/** What is open while the dashboard is in use. */
interface OpenParts extends AsyncDisposable {
  readonly parts: DeskParts;
  readonly pages: Pages;
  readonly live: LiveModel;
}

/** A desk over a workspace; the caller disposes it. It holds nothing until somebody asks. */
export function openDesk(options: OpenDeskOptions): Promise<Desk> {
  let opened: Promise<OpenParts> | undefined;
  const open = (): Promise<OpenParts> => {
    opened ??= openParts(options).catch((error: unknown) => {
      // The next question tries again.
      opened = undefined;
      throw error;
    });
    return opened;
  };
  const ask = async <T>(
    actorId: string,
    answer: (question: OpenQuestion, open: OpenParts) => Promise<T>,
  ): Promise<T> => {
    const parts = await open();
    return parts.live.ask(actorId, (question) => answer(question, parts));
  };
  const pick = (query: CustomersQuery, actor: Actor): Promise<string | null> =>
    ask(actor.id, (question) => randomId(question, query));
  const row = (id: string, actor: Actor): Promise<CustomerRow> =>
    ask(actor.id, (question) => readCustomer(question, id));
  const { service } = options;
  const pack = withSettings(options.pack, options.config);
  return Promise.resolve({
    async facts() {
      const { live, parts } = await open();
      return factsOf(parts.pack, service.features, await live.model());
    },
    overview: () => ask('', (question) => readOverview(question, question.figures)),
    customers: (query, actor) => ask(actor.id, (question) => readCustomers(question, query)),
    async exportCustomers(query, actor) {
      const { live, parts } = await open();
      return exportOf(await live.open(actor.id, 'file'), query, parts.pack.file.entity);
    },
    async customer(id, actor) {
      const { pages } = await open();
      return pages.customer(await row(id, actor));
    },
    performance: async () => (await open()).pages.performance(),
    data: async () => (await open()).pages.data(),
    // It needs neither scores nor the record: the models are in memory.
    whatIf: (features) => whatIf({ service, pack }, features),
    async whatIfStart(from, actor) {
      const { pages } = await open();
      return 'id' in from ? pages.whatIfFrom(from.id) : pages.whatIfAnywhere(() => pick(from, actor));
    },
    async work(id, request, actor) {
      await row(id, actor);
      const { live, parts } = await open();
      await parts.work.record(id, request, actor);
      await live.tell([id]);
      return (await row(id, actor)).work;
    },
    async next(query, actor) {
      const { live, parts } = await open();
      const id = await live.ask(actor.id, ({ release: _release, ...question }) => {
        const { asOf } = question.model;
        const facts = { today: question.now.slice(0, 10), scoreDate: asOf, isContacted: true };
        const restDays = parts.pack.file.dashboard.rest_days;
        return parts.work.takeFirst(
          idsInOrder(question, { ...query, tab: 'due', assignee: 'nobody' }),
          actor,
          (state) => statusOf(state, { ...facts, restDays }).status === 'due',
        );
      });
      if (id === null) return null;
      await live.tell([id]);
      return row(id, actor);
    },
    async [Symbol.asyncDispose]() {
      await (await opened?.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  });
}

async function openParts({
  config,
  pack: bare,
  clock,
  service,
  openWork,
}: OpenDeskOptions): Promise<OpenParts> {
  const pack = withSettings(bare, config);
  const folders = foldersOf(config.workspace);
  const work = await openWork();
  const engine = duckDbAtFirstUse({
    memoryLimit: config.engine.memory_limit,
    threads: config.engine.threads,
    temporaryFolder: folders.temporary,
    preserveInsertionOrder: true,
  });
  const lakeOn = (session: Engine): { engine: Engine; lake: Lake } => ({
    engine: session,
    lake: openLake({ root: folders.lake, engine: session, clock }),
  });
  const live = new LiveModel({ ...lakeOn(engine), pack, clock, work });
  // Pages do not wait for the queue to be loaded.
  const session = await engine.session();
  const registry = openRegistry(folders.models, clock);
  const parts = { config, pack, folders, ...lakeOn(session), registry, clock, service, work };
  return {
    parts,
    pages: openPages(parts),
    live,
    async [Symbol.asyncDispose]() {
      await live[Symbol.asyncDispose]();
      await session[Symbol.asyncDispose]();
      await engine[Symbol.asyncDispose]();
      await work[Symbol.asyncDispose]();
    },
  };
}

/** Probabilities to a hundredth of a percent, as in the action lists. */
const FILE_DECIMALS = 4;

/** The question stays open until the last line is read, or nobody reads any more. */
async function exportOf(
  question: OpenQuestion,
  query: CustomersQuery,
  { name, key }: Pack['file']['entity'],
): Promise<CustomersExport> {
  const { engine, model } = question;
  let isDone = false;
  const done = async (): Promise<void> => {
    if (isDone) return;
    isDone = true;
    await dropExport(engine).catch(() => undefined);
    question.release();
  };
  try {
    const total = await fillExport(question, query, key);
    const select = await spreadsheetSelect(engine, EXPORT_TABLE, EXPORT_ORDER, { decimals: FILE_DECIMALS });
    const pieces = csvPieces(engine, select);
    const lines: AsyncIterableIterator<string> & CustomersExport['lines'] = {
      // Not a generator: one that was never begun would not say that nobody reads it.
      async next() {
        const piece = await pieces.next().catch(async (error: unknown) => {
          await done();
          throw error;
        });
        if (piece.done === true) await done();
        return piece;
      },
      async return() {
        await done();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]: () => lines,
    };
    return { total, name: `${name}s_${model.asOf}.csv`, lines };
  } catch (error) {
    await done();
    throw error;
  }
}
