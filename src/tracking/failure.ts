/** What can go wrong between Holdfast and a tracking server, as errors that say what to do. */
import { HoldfastError } from '../kernel/index.ts';

/** The server's message is shown so far. */
const MESSAGE_CHARACTERS = 300;

/** The server answered, but not with what was asked for. */
export class ServerRefusal extends HoldfastError {
  /** HTTP status. */
  readonly status: number;
  /** MLflow's own name of the failure, such as `RESOURCE_DOES_NOT_EXIST`; empty where it gave none. */
  readonly serverCode: string;

  constructor(
    code: 'HF701' | 'HF702' | 'HF703',
    answer: { readonly status: number; readonly serverCode: string },
    details: { readonly message: string; readonly hint: string },
  ) {
    super(code, details);
    this.status = answer.status;
    this.serverCode = answer.serverCode;
  }
}

/**
 * Whether the server could not be reached, took too long or was not able to answer (HF701): the same upload may
 * succeed later, so it belongs into the queue. Anything else would fail again.
 */
export function isUnavailable(error: unknown): boolean {
  return error instanceof HoldfastError && error.code === 'HF701';
}

/** Whether the server answered with that failure of MLflow. */
export function isServerCode(error: unknown, serverCode: string): boolean {
  return error instanceof ServerRefusal && error.serverCode === serverCode;
}

/** HF703: what the server gives, or would have to take, cannot be used. */
export function unusable(message: string, hint: string, cause?: unknown): HoldfastError {
  return new HoldfastError('HF703', { message, hint, cause });
}

export function interrupted(): HoldfastError {
  return new HoldfastError('HF930', {
    message: 'the exchange with the tracking server was interrupted',
    hint: 'run the command again; what is on the server already is found there',
  });
}

/** HF701: no answer within `milliseconds`, or one that came too slowly. */
export function timedOut(address: string, milliseconds: number): HoldfastError {
  return new HoldfastError('HF701', {
    message: `the tracking server ${address} did not answer within ${milliseconds / 1000} s`,
    hint: 'look whether the server is busy or stands behind a proxy that does not answer; try again later',
  });
}

const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/;

/** HF701: the connection failed. `error` is what fetch threw; its reason hides in its cause. */
export function unreachable(address: string, error: unknown): HoldfastError {
  const reason = reasonOf(error);
  return new HoldfastError('HF701', {
    message: `the tracking server ${address} cannot be reached: ${reason.text}`,
    hint: UNTRUSTED.test(reason.code)
      ? 'name the certificate of its authority in NODE_EXTRA_CA_CERTS'
      : 'start the server, or correct HOLDFAST_MLFLOW_URI',
    cause: error,
  });
}

/** Whether a connection took too long to come about: trying it again would take as long. */
export function isSlowConnection(error: unknown): boolean {
  return reasonOf(error).code === 'UND_ERR_CONNECT_TIMEOUT';
}

function reasonOf(error: unknown): { readonly code: string; readonly text: string } {
  if (!(error instanceof Error)) return { code: '', text: 'the connection failed' };
  const inner = error.cause instanceof AggregateError ? (error.cause.errors[0] as unknown) : error.cause;
  const cause = inner instanceof Error ? inner : error;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return { code, text: plain(cause.message === '' ? code : cause.message) };
}

/** What an answer without success means. `text` is its body, or the beginning of it. */
export function refusal(
  address: string,
  status: number,
  text: string,
  secrets: readonly string[],
): HoldfastError {
  const { serverCode, message } = readFailure(text);
  const said = plain(withoutSecrets(message, secrets));
  const told = said === '' ? String(status) : `${status}: ${said}`;
  const answer = { status, serverCode };
  if (status === 401 || status === 403)
    return new ServerRefusal('HF702', answer, {
      message: `the tracking server ${address} refused the request (${told})`,
      hint: /host header/i.test(message)
        ? 'start the server with --allowed-hosts and the name by which it is reached'
        : 'set HOLDFAST_MLFLOW_TOKEN to a token that may write there, or write user:password@ into the address',
    });
  if (isTransient(status))
    return new ServerRefusal('HF701', answer, {
      message: `the tracking server ${address} is not able to answer (${told})`,
      hint: "try again later; the server's own log says why",
    });
  return new ServerRefusal('HF703', answer, {
    message: `the tracking server ${address} did not accept the request (${told})`,
    hint: 'look whether HOLDFAST_MLFLOW_URI is the address of an MLflow server and what its log says',
  });
}

/** Whether an answer of this status may differ the next time. */
export function isTransient(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

function readFailure(text: string): { serverCode: string; message: string } {
  try {
    const body = JSON.parse(text) as unknown;
    if (body !== null && typeof body === 'object') {
      const { error_code: code, message } = body as Readonly<Record<string, unknown>>;
      return {
        serverCode: typeof code === 'string' ? code : '',
        message: typeof message === 'string' ? message : '',
      };
    }
  } catch {
    // A proxy in between answers with a page of its own.
  }
  return { serverCode: '', message: text.replaceAll(/<[^>]*>/g, ' ') };
}

/** A server that shows the request must not bring a secret onto the screen or into a log. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '***')), text);
}

/** One short line without control characters, which could steer a terminal. */
function plain(text: string): string {
  const line = text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .replace(/\.$/, '');
  return line.length > MESSAGE_CHARACTERS ? `${line.slice(0, MESSAGE_CHARACTERS)}...` : line;
}
