/** The dashboard of a workspace: opens what its answers are made from at the first question, and delegates. */
import type { Config } from '../../config/index.ts';
import { spreadsheetSelect } from '../../decide/index.ts';
import {
  csvPieces,
  type CustomersQuery,
  dropExport,
  EXPORT_ORDER,
  EXPORT_TABLE,
  factsOf,
  fillExport,
  firstIds,
  randomId,
  readCustomer,
  readCustomers,
  readOverview,
} from '../../desk/index.ts';
import { duckDbAtFirstUse, type Engine } from '../../engine/index.ts';
import { type Clock, HoldfastError } from '../../kernel/index.ts';
import { type Lake, openLake } from '../../lake/index.ts';
import type { Pack } from '../../pack/index.ts';
import { openRegistry } from '../../registry/index.ts';
import type { StoreLog } from '../../store/index.ts';
import { statusOf, type WorkBook } from '../../work/index.ts';
import { withSettings } from '../context.ts';
import { foldersOf } from '../folders.ts';
import type { ScoringService } from '../serving/service.ts';
import type { DeskParts } from './desk-parts.ts';
import type { Actor, CustomersExport, Desk } from './desk.ts';
import { LiveModel, type OpenFile, type OpenQuestion } from './live-model.ts';
import { openPages, type Pages } from './pages.ts';
import { whatIf } from './what-if.ts';
import { workOf } from './work-rows.ts';

export interface OpenDeskOptions {
  readonly config: Config;
  readonly pack: Pack;
  readonly clock: Clock;
  /** Stays with the caller. */
  readonly service: ScoringService;
  /** Opens the record of work; the desk disposes it. */
  readonly openWork: () => Promise<WorkBook>;
  readonly log: Pick<StoreLog, 'warn'>;
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
      return exportOf(await live.openFile(actor.id), query, parts.pack.file.entity);
    },
    async customer(id, actor) {
      const { pages, live } = await open();
      return live.during(actor.id, async ({ model, ask: askModel }) => {
        const row = await askModel((question) => readCustomer(question, id));
        return pages.customer(row, model.source);
      });
    },
    performance: async () => (await open()).pages.performance(),
    data: async () => (await open()).pages.data(),
    // It needs neither scores nor the record: the models are in memory.
    whatIf: (features) => whatIf({ service, pack }, features),
    async whatIfStart(from, actor) {
      const { pages } = await open();
      return 'id' in from
        ? pages.whatIfFrom(from.id)
        : pages.whatIfAnywhere(() => pick({ tab: 'all', ...from }, actor));
    },
    async work(id, request, actor) {
      const { live, parts, pages } = await open();
      return live.during(actor.id, async ({ day, ask: askModel }) => {
        const isContacted = await askModel((question) => isContactedNow(question, id)).catch(
          async (error: unknown) => {
            // Whom an earlier date has, and the newest no more, may have been called by then.
            const isKnown = parts.work.states().has(id) || (await pages.isScored(id));
            if (!isKnown || !(error instanceof HoldfastError && error.code === 'HF603')) throw error;
            return false;
          },
        );
        const state = await parts.work.record(id, request, actor);
        await live.tell([id]);
        return workOf(id, state, day, isContacted);
      });
    },
    async next(query, actor) {
      const { live, parts } = await open();
      return live.during(actor.id, async ({ day, ask: askModel }) => {
        const ids = await askModel((question) =>
          firstIds(question, { ...query, tab: 'due', assignee: 'nobody' }),
        );
        const id = await parts.work.takeFirst(
          ids,
          actor,
          (state) => statusOf(state, { ...day, isContacted: true }).status === 'due',
        );
        if (id === null) return null;
        await live.tell([id]);
        const row = await askModel((question) => readCustomer(question, id));
        const state = parts.work.states().get(id);
        return state === undefined ? row : { ...row, work: workOf(id, state, day, true) };
      });
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
  log,
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
  const live = new LiveModel({ ...lakeOn(engine), pack, clock, work, log });
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

/** Whether anybody contacts entities of its tier. */
async function isContactedNow(question: OpenQuestion, id: string): Promise<boolean> {
  const { tier } = await readCustomer(question, id);
  return question.model.contacted.includes(tier);
}

/** Probabilities to a hundredth of a percent, as in the action lists. */
const FILE_DECIMALS = 4;
/** So long a file may take to be read: others wait for it. */
const FILE_MINUTES = 10;

/** The question stays open until the last line is read, nobody reads any more, or it took too long. */
async function exportOf(
  question: OpenFile,
  query: CustomersQuery,
  { name, key }: Pack['file']['entity'],
): Promise<CustomersExport> {
  const { engine, model } = question;
  let isDone = false;
  let isOver = false;
  /** Asked anew, since it changes while a piece is read. */
  const isLate = (): boolean => isOver;
  let isReading = false;
  const timer = setTimeout(() => {
    isOver = true;
    // Whoever is reading ends it after the piece that is under way.
    if (!isReading) done().catch(() => undefined);
  }, FILE_MINUTES * 60_000);
  timer.unref();
  const done = async (): Promise<void> => {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    await dropExport(engine).catch(() => undefined);
    question.release();
  };
  try {
    const total = await fillExport(question, query, key);
    question.leaveModel();
    const select = await spreadsheetSelect(engine, EXPORT_TABLE, EXPORT_ORDER, { decimals: FILE_DECIMALS });
    const pieces = csvPieces(engine, select);
    const lines: AsyncIterableIterator<string> & CustomersExport['lines'] = {
      // Not a generator: one that was never begun would not say that nobody reads it.
      async next() {
        if (isLate()) throw readTooSlowly();
        isReading = true;
        try {
          const piece = await pieces.next();
          if (piece.done === true || isLate()) await done();
          return piece;
        } catch (error) {
          await done();
          throw error;
        } finally {
          isReading = false;
        }
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

const readTooSlowly = (): HoldfastError =>
  new HoldfastError('HF619', {
    message: `the file was not read within ${String(FILE_MINUTES)} minutes`,
    hint: 'filter for fewer rows, or fetch it over a faster line',
  });
