import type { ServeConfig } from '../../config/index.ts';
import type { ServerSettings } from '../../server/index.ts';
import { openKeyStore, openLookLog, openSessionKey } from '../../store/index.ts';
import type { CommandModule, CommandOption } from '../command.ts';
import { listenForHangups } from '../hangup.ts';
import { loadServer, loadWorkflow } from '../rooms.ts';
import { openLog } from '../service-log.ts';
import { requireWorkspace } from '../step-command.ts';

const BYTES_OF_MB = 1_000_000;

/** An option that stands for a setting. */
const settingOption = (flags: string, help: string, key: string): CommandOption => ({
  flags,
  help,
  setting: (value) => [{ key, value }],
});

export const command: CommandModule = {
  name: 'serve',
  summary: 'answer requests for scores over HTTP, until it is interrupted',
  description:
    'Loads the champion and the newest features into memory and answers POST /predict and its companions; GET /docs describes them. Without keys it listens on this machine alone. It takes over another champion by itself, at once on SIGHUP or POST /admin/reload, and ends cleanly on SIGTERM or Ctrl-C. Logs go to standard output, one JSON line each.',
  options: [
    settingOption('--host <address>', 'address to listen on (serve.host)', 'serve.host'),
    settingOption('--port <number>', 'port to listen on; 0 takes a free one (serve.port)', 'serve.port'),
    settingOption(
      '--model-dir <folder>',
      'folder of an exported set to answer with (serve.model_dir)',
      'serve.model_dir',
    ),
    settingOption(
      '--shadow <set>',
      'set that scores beside the champion without being heard: challenger, or its number (serve.shadow)',
      'serve.shadow',
    ),
    settingOption(
      '--split <percent>',
      'percent of the entities that the challenger answers (serve.split)',
      'serve.split',
    ),
  ],
  examples: [
    { command: 'serve', explains: 'on this machine, at port 8000' },
    { command: 'serve --host 0.0.0.0 --port 8000', explains: 'for others, who need keys' },
    {
      command: 'serve --shadow challenger',
      explains: 'the challenger scores the same rows for the log alone',
    },
    { command: 'serve --split 10', explains: 'a tenth of the customers is answered by the challenger' },
  ],
  isService: true,
  async run(session) {
    using hangups = listenForHangups();
    const {
      earlyModelReader,
      openDesk,
      openOutcomeTaker,
      openRecorder,
      openServingStores,
      openWork,
      openWorkspaceService,
    } = await loadWorkflow();
    // Its threads get ready to read models while the settings and the pack are read in this one.
    const { readModels, endWaiting } = await earlyModelReader();
    const { config, pack, secrets } = await session.resolve([], { hasShortVariables: true });
    const { clock, progress, signal, terminal } = session;
    if (config.serve.model_dir === undefined) await requireWorkspace(config.workspace);
    const log = openLog(config.serve.log_level);
    const { host, port, drain_seconds: drainSeconds, reload_seconds: reloadSeconds } = config.serve;
    try {
      await using stores = await openServingStores({ config, secrets, clock, log });
      const { answers, predictions } = stores;
      // The models are read in a thread of their own while the server is loaded in this one.
      const listening = openGate();
      const wanted = { config, pack, clock, progress, answers, readModels, lookupAfter: listening.passed };
      const opening = openWorkspaceService(wanted);
      const loading = loadServer();
      const openingOutcomes = early(openOutcomeTaker(config.state, pack.file.horizons, clock));
      const openingRecorder = early(openRecorder(config.state, clock, predictions));
      // An exported set stands alone: there are no scores to be worked on.
      const hasDesk = config.serve.model_dir === undefined;
      const openingSessionKey = hasDesk ? early(openSessionKey(config.state)) : undefined;
      await using service = await opening;
      endWaiting();
      const { openKeyRing, openSessions, serve, workersOf } = await loading;
      const keys = await openKeyRing(openKeyStore(config.state, clock), clock);
      await using outcomes = await openingOutcomes;
      const { url: databaseUrl } = secrets.postgres;
      const work = { stateFolder: config.state, databaseUrl, clock, log, person: workersOf(keys) };
      await using desk = hasDesk
        ? await openDesk({ config, pack, clock, service, openWork: () => openWork(work), log })
        : undefined;
      await using looks = openLookLog(config.state, clock);
      const sessions =
        openingSessionKey === undefined ? undefined : openSessions(await openingSessionKey, clock);
      using recorder = await openingRecorder;
      await serve(
        {
          service,
          keys,
          settings: serverSettings(config.serve),
          log,
          clock,
          recorder,
          outcomes,
          stores,
          looks,
          ...(desk === undefined ? {} : { desk }),
          ...(sessions === undefined ? {} : { sessions }),
        },
        {
          host,
          port,
          signal,
          drainSeconds,
          reloadSeconds,
          onReloadAsked: (ask) => hangups.use(ask),
          onListening(address) {
            listening.open();
            const who = keys.isOpen
              ? 'open to everybody on this machine, since there are no keys'
              : 'for holders of keys';
            const not = service.notReadyReason === null ? '' : `Not ready: ${service.notReadyReason}.\n`;
            terminal.stderr.write(`Listening on ${address}, ${who}.\n${not}`);
          },
        },
      );
    } finally {
      log.flush();
    }
    return { data: { stopped: true }, summary: 'Stopped.' };
  },
};

/** Begun before it is waited for: who waits is told of a failure, and where nobody comes to that, another one is told. */
function early<T>(opening: Promise<T>): Promise<T> {
  opening.catch(() => undefined);
  return opening;
}

/** A promise that is kept when `open` is called. */
function openGate(): { readonly passed: Promise<void>; open(): void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    passed,
    open: () => {
      open();
    },
  };
}

function serverSettings(config: ServeConfig): ServerSettings {
  return {
    maxBatchSize: config.max_batch_size,
    bodyBytes: Math.round(config.body_mb * BYTES_OF_MB),
    rateLimit: config.rate_limit,
    allowedOrigins: config.allowed_origins,
    headersSeconds: config.headers_seconds,
    requestSeconds: config.request_seconds,
    idleSeconds: config.idle_seconds,
    maxConnections: config.max_connections,
    maxDelayMs: config.max_delay_ms,
    maxWaitingRows: config.max_waiting_rows,
  };
}
