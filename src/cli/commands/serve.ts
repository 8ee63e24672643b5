import type { ServeConfig } from '../../config/index.ts';
import type { ServerSettings } from '../../server/index.ts';
import { openKeyStore } from '../../store/index.ts';
import type { CommandModule, CommandOption } from '../command.ts';
import { loadServer, loadWorkflow } from '../rooms.ts';
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
    'Loads the champion and the newest features into memory and answers POST /predict and its companions; GET /docs describes them. Without keys it listens on this machine alone. It takes over another champion by itself, and ends cleanly on SIGTERM or Ctrl-C. Logs go to standard output, one JSON line each.',
  options: [
    settingOption('--host <address>', 'address to listen on (serve.host)', 'serve.host'),
    settingOption('--port <number>', 'port to listen on; 0 takes a free one (serve.port)', 'serve.port'),
    settingOption(
      '--model-dir <folder>',
      'folder of an exported set to answer with (serve.model_dir)',
      'serve.model_dir',
    ),
  ],
  examples: [
    { command: 'serve', explains: 'on this machine, at port 8000' },
    { command: 'serve --host 0.0.0.0 --port 8000', explains: 'for others, who need keys' },
  ],
  isService: true,
  async run(session) {
    const { config, pack } = await session.resolve([], { hasShortVariables: true });
    const { clock, progress, signal, terminal } = session;
    if (config.serve.model_dir === undefined) await requireWorkspace(config.workspace);
    const { openRecorder, openWorkspaceService } = await loadWorkflow();
    // The models are read in a thread of their own while the server is loaded in this one.
    const opening = openWorkspaceService({ config, pack, clock, progress });
    const server = loadServer();
    await using service = await opening;
    const { openKeyRing, openLog, serve } = await server;
    const keys = await openKeyRing(openKeyStore(config.state, clock), clock);
    using recorder = await openRecorder(config.state, clock);
    const log = openLog(config.serve.log_level);
    const { host, port, drain_seconds: drainSeconds, reload_seconds: reloadSeconds } = config.serve;
    try {
      await serve(
        { service, keys, settings: serverSettings(config.serve), log, clock, recorder },
        {
          host,
          port,
          signal,
          drainSeconds,
          reloadSeconds,
          onListening(address) {
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
