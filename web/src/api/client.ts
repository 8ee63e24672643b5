/** Requests to the server that the dashboard came from. */

interface ErrorParts {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  readonly field?: string;
}

/** An error as the server tells it, or of a server that cannot be reached. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  /** The field of the request that does not fit, where it is about one. */
  readonly field: string | undefined;

  constructor(status: number, parts: ErrorParts) {
    super(parts.message);
    this.name = 'ApiError';
    this.status = status;
    this.code = parts.code;
    this.hint = parts.hint;
    this.field = parts.field;
  }
}

export type QueryValue = string | number | boolean | readonly string[] | undefined;
export type Query = Readonly<Record<string, QueryValue>>;

/** `?a=1&b=2&b=3`, in the order of the names; nothing for what is undefined or empty. */
export function queryText(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === '') continue;
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [value])
      parameters.append(name, String(one));
  }
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

async function request<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new ApiError(0, {
      code: '',
      message: 'the server cannot be reached',
      hint: 'see that holdfast serve is running, then try again',
    });
  }
  const document = (await response.json().catch(() => undefined)) as unknown;
  if (response.ok) return document as T;
  const { error } = (document ?? {}) as { error?: ErrorParts };
  throw new ApiError(
    response.status,
    error ?? { code: '', message: `the server answered ${String(response.status)}`, hint: 'try again' },
  );
}

export const getJson = <T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> =>
  request<T>('GET', `${path}${queryText(query)}`, undefined, signal);
export const postJson = <T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> =>
  request<T>('POST', path, body, signal);
export const deleteJson = <T>(path: string): Promise<T> => request<T>('DELETE', path);
