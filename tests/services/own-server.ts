/** A server program on a free port of this machine, in a folder of its own, for as long as a test needs it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const START_MS = 60_000;

export interface OwnServer extends AsyncDisposable {
  /** Starts it again, at the same port and with what it held on disk. */
  start(): Promise<void>;
  /** Asks it to end, or ends it at once, and waits until it has. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  /** It keeps its connections and says nothing until it is resumed. */
  freeze(): void;
  resume(): void;
}

export interface Program {
  readonly command: string;
  readonly words: readonly string[];
  /** User and group that it runs as. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** Whether it answers. */
  readonly isReady: () => Promise<boolean>;
}

export function ownServer({ command, words, user, isReady }: Program): OwnServer {
  let child: ChildProcess | undefined;
  const killAtExit = (): void => {
    child?.kill('SIGKILL');
  };
  const server: OwnServer = {
    async start() {
      const started = spawn(command, [...words], { stdio: ['ignore', 'ignore', 'pipe'], ...user });
      child = started;
      let said = '';
      started.stderr.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      process.once('exit', killAtExit);
      const until = Date.now() + START_MS;
      while (!(await isReady().catch(() => false))) {
        if (started.exitCode !== null || Date.now() > until)
          throw new Error(`${command} did not start: ${said}`);
        await pause(50);
      }
    },
    async stop(signal = 'SIGTERM') {
      const running = child;
      child = undefined;
      process.removeListener('exit', killAtExit);
      if (running?.exitCode !== null || running.signalCode !== null) return;
      const ended = once(running, 'exit');
      running.kill('SIGCONT');
      running.kill(signal);
      await ended;
    },
    freeze() {
      child?.kill('SIGSTOP');
    },
    resume() {
      child?.kill('SIGCONT');
    },
    [Symbol.asyncDispose]: () => server.stop('SIGKILL'),
  };
  return server;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
