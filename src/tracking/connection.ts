/** One HTTP exchange with a tracking server: credentials, deadlines, retries and errors in one place. */
import { setTimeout as pause } from 'node:timers/promises';
import { HoldfastError } from '../kernel/index.ts';
import { type Deadline, startDeadline } from './deadline.ts';
import {
  interrupted,
  isSlowConnection,
  isTransient,
  refusal,
  ServerRefusal,
  timedOut,
  unreachable,
  unusable,
} from './failure.ts';

/** Where and as whom Holdfast talks to a server. */
export interface MlflowOptions {
  /** Address of the server, http or https, where it has one with its path prefix; may hold `user:password@`. */
  readonly uri: string;
  /** Sent as a bearer token; stands before a user and password. */
  readonly token?: string | undefined;
  /** `user:password`, where the address does not hold them; sent as basic credentials. */
  readonly credentials?: string | undefined;
  /** Ends what is under way with HF930. */
  readonly signal?: AbortSignal | undefined;
  /** Longest silence of the server. Default 30 s. */
  readonly timeoutMs?: number | undefined;
}

export interface Connection {
  /** The server's address as it may be shown: without credentials. */
  readonly address: string;
  /** Makes an exchange, up to three times where the connection or the server fails. */
  send<T>(request: HttpRequest, read: AnswerReader<T>): Promise<T>;
  /** The same, once: for what must be looked for before it is asked for again. */
  sendOnce<T>(request: HttpRequest, read: AnswerReader<T>): Promise<T>;
  /** Repeats whole work, a look and what follows from it, as `send` repeats an exchange. */
  withRetries<T>(work: () => Promise<T>): Promise<T>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the server's address, percent-encoded, without a leading slash. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Made anew for each try. It says how much of it is on its way by the deadline. */
  readonly body?: (deadline: Deadline) => string | Uint8Array | ReadableStream;
}

/** Reads the body of an answer of success. */
export type AnswerReader<T> = (response: Response, deadline: Deadline) => Promise<T>;

const DEFAULT_TIMEOUT_MS = 30_000;
/** Pauses before the second and the third try. */
const BACKOFF_MS = [200, 1000];
/** So much of a refusal is read. */
const REFUSAL_BYTES = 64 * 1024;

/** Throws HF103 where the address or the token cannot be used. */
export function openConnection(options: MlflowOptions): Connection {
  const { base, address, authorization, secrets } = readAddress(options);
  const { signal: outer, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const isInterrupted = (): boolean => outer?.aborted === true;

  async function sendOnce<T>(request: HttpRequest, read: AnswerReader<T>): Promise<T> {
    if (isInterrupted()) throw interrupted();
    using deadline = startDeadline(timeoutMs, outer);
    const query = new URLSearchParams(request.query).toString();
    const body = request.body?.(deadline);
    try {
      const response = await fetch(`${base}/${request.path}${query === '' ? '' : `?${query}`}`, {
        method: request.method,
        headers: { ...request.headers, ...authorization },
        // A redirect would take the credentials, or the data, to where nobody said they may go.
        redirect: 'manual',
        signal: deadline.signal,
        ...(body === undefined ? {} : { body, duplex: 'half' }),
      });
      if (response.status >= 300 && response.status < 400) {
        await response.body?.cancel();
        throw redirected(address, response);
      }
      if (!response.ok) {
        const text = await readText(response, REFUSAL_BYTES, deadline, 'cut');
        throw refusal(address, response.status, text, secrets);
      }
      return await read(response, deadline);
    } catch (error) {
      if (error instanceof HoldfastError) throw error;
      if (deadline.isOver()) throw timedOut(address, timeoutMs);
      if (isInterrupted()) throw interrupted();
      const fileError = [error, error instanceof Error ? error.cause : undefined].find(isFileError);
      if (fileError !== undefined) throw fileError;
      throw unreachable(address, error);
    }
  }

  async function withRetries<T>(work: () => Promise<T>): Promise<T> {
    for (const wait of BACKOFF_MS) {
      try {
        return await work();
      } catch (error) {
        if (!mayPass(error)) throw error;
        await pause(wait, undefined, outer === undefined ? {} : { signal: outer }).catch(() => {
          throw interrupted();
        });
      }
    }
    return work();
  }

  return {
    address,
    sendOnce,
    withRetries,
    send: (request, read) => withRetries(() => sendOnce(request, read)),
  };
}

/** Whether the same exchange may succeed in a moment. What took too long is not tried again. */
function mayPass(error: unknown): boolean {
  if (error instanceof ServerRefusal) return isTransient(error.status);
  return (
    error instanceof HoldfastError &&
    error.code === 'HF701' &&
    error.cause !== undefined &&
    !isSlowConnection(error.cause)
  );
}

/** A local file that cannot be read or written is no fault of the connection. */
function isFileError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}

function redirected(address: string, response: Response): HoldfastError {
  const target = response.headers.get('location') ?? '';
  const host = URL.canParse(target, address) ? new URL(target, address).origin : 'somewhere else';
  return unusable(
    `the tracking server ${address} sends elsewhere (${response.status}: ${host})`,
    'set HOLDFAST_MLFLOW_URI to the address that answers itself; redirects are not followed',
  );
}

/** The body of an answer as text. `beyond` says what happens to more than `mostBytes`: HF703, or nothing. */
export async function readText(
  response: Response,
  mostBytes: number,
  deadline: Deadline,
  beyond: 'refuse' | 'cut' = 'refuse',
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunksOf(response, deadline)) {
    size += chunk.length;
    chunks.push(chunk);
    if (size <= mostBytes) continue;
    if (beyond === 'cut') break;
    throw unusable(
      `the tracking server sent an answer of more than ${mostBytes} bytes`,
      'look whether HOLDFAST_MLFLOW_URI is the address of an MLflow server',
    );
  }
  return Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8');
}

/** The body of an answer in pieces; leaving the loop early closes the connection. */
export async function* chunksOf(response: Response, deadline: Deadline): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    deadline.moved(chunk.length);
    yield chunk;
  }
}

interface Address {
  /** What request paths are put behind, without a final slash. */
  readonly base: string;
  readonly address: string;
  readonly authorization: Readonly<Record<string, string>>;
  /** What must not be shown even where the server sends it back. */
  readonly secrets: readonly string[];
}

function readAddress({ uri, token, credentials }: MlflowOptions): Address {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new HoldfastError('HF103', {
      message: 'the address of the tracking server is none of http or https',
      hint: 'write it as http://host:5000',
      place: { field: 'mlflow.uri' },
    });
  const inside = url.username === '' ? undefined : `${decoded(url.username)}:${decoded(url.password)}`;
  const basic = credentials ?? inside;
  const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  const secrets = [token, basic, basic?.slice(basic.indexOf(':') + 1)].filter(
    (secret) => secret !== undefined,
  );
  if (token !== undefined && token !== '') {
    if (!/^[\x21-\x7e]+$/.test(token))
      throw new HoldfastError('HF103', {
        message: 'the token of the tracking server holds characters that cannot be sent',
        hint: 'set HOLDFAST_MLFLOW_TOKEN to the token alone, without spaces or line ends',
        place: { field: 'HOLDFAST_MLFLOW_TOKEN' },
      });
    return { base, address: base, secrets, authorization: { authorization: `Bearer ${token}` } };
  }
  if (basic === undefined) return { base, address: base, secrets, authorization: {} };
  const encoded = Buffer.from(basic, 'utf8').toString('base64');
  return {
    base,
    address: base,
    secrets: [...secrets, encoded],
    authorization: { authorization: `Basic ${encoded}` },
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A bare percent sign stands for itself.
    return part;
  }
}
