/** Calls of MLflow's REST API: JSON in, checked JSON out. */
import type { z } from 'zod';
import { type AnswerReader, type Connection, type HttpRequest, readText } from './connection.ts';
import { unusable } from './failure.ts';

/** More than any list that is asked for here. */
const ANSWER_BYTES = 16 * 1024 * 1024;

const API = 'api/2.0/mlflow';

export interface Api {
  /** `path` is below the API's own, such as `runs/get`. HF703 where the answer does not fit the schema. */
  get<T>(path: string, query: Readonly<Record<string, string>>, answer: z.ZodType<T>): Promise<T>;
  /** Said twice it has the effect of once, so it is tried again where it fails. */
  put<T>(path: string, body: unknown, answer: z.ZodType<T>, method?: HttpRequest['method']): Promise<T>;
  /** Makes something new: tried once, by work that looks for it first. */
  create<T>(path: string, body: unknown, answer: z.ZodType<T>): Promise<T>;
}

export function openApi(connection: Connection): Api {
  const request = (method: HttpRequest['method'], path: string, body: unknown): HttpRequest => ({
    method,
    path: `${API}/${path}`,
    headers: { 'content-type': 'application/json' },
    body: () => JSON.stringify(body),
  });
  return {
    get: (path, query, answer) =>
      connection.send({ method: 'GET', path: `${API}/${path}`, query }, readerOf(connection.address, answer)),
    put: (path, body, answer, method = 'POST') =>
      connection.send(request(method, path, body), readerOf(connection.address, answer)),
    create: (path, body, answer) =>
      connection.sendOnce(request('POST', path, body), readerOf(connection.address, answer)),
  };
}

/** Reads an answer as JSON that fits a schema. */
export function readerOf<T>(address: string, schema: z.ZodType<T>): AnswerReader<T> {
  return async (response, deadline) => {
    const text = await readText(response, ANSWER_BYTES, deadline);
    const result = schema.safeParse(parsed(text));
    if (result.success) return result.data;
    const issue = result.error.issues[0];
    throw unusable(
      `the tracking server ${address} gave an answer that does not fit its interface` +
        (issue === undefined || issue.path.length === 0 ? '' : ` (at ${issue.path.map(String).join('.')})`),
      'look whether HOLDFAST_MLFLOW_URI is the address of an MLflow server',
    );
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Fits no schema, which says so. Some answers without content are empty.
    return text === '' ? {} : undefined;
  }
}
