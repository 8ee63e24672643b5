/** The server's log: one JSON line an event on standard output, without personal data. */
import pino from 'pino';
import type { ServerLog } from '../server/index.ts';

export interface OpenLog extends ServerLog {
  /** Everything is written when this is done. */
  flush(): void;
}

/** Opens the log. Lines are gathered for a moment, so that no request waits for the disk. */
export function openLog(level: string): OpenLog {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 4096 });
  const log = pino(
    { level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message' },
    destination,
  );
  const timer = setInterval(() => {
    destination.flush();
  }, 1000).unref();
  return {
    info: (facts, message) => {
      log.info(facts, message);
    },
    warn: (facts, message) => {
      log.warn(facts, message);
    },
    error: (facts, message) => {
      log.error(facts, message);
    },
    flush() {
      clearInterval(timer);
      destination.flushSync();
    },
  };
}
