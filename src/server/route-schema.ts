/** What the OpenAPI document says of a route. */
import type { FastifySchema } from 'fastify';

export interface RouteDescription {
  /** Names of schemas in `documents.ts`. */
  readonly body?: string;
  readonly answer?: string;
  /** Content type of the answer where it is not JSON. */
  readonly answerType?: string;
  /** Query parameters that are true or false, with what they do. */
  readonly switches?: Readonly<Record<string, string>>;
  /** Other query parameters, with their schemas. */
  readonly query?: Readonly<Record<string, object>>;
  /** Parts of the path, with what they are. */
  readonly path?: Readonly<Record<string, string>>;
  /** Statuses of errors, besides 404 and 405 of other paths and methods, 431 and 500. */
  readonly errors?: readonly number[];
}

const MEANINGS: Readonly<Record<number, string>> = {
  400: 'the body cannot be read as JSON without loss',
  401: 'no valid key',
  403: 'the role of the key does not have the right',
  404: 'the entity is not known',
  408: 'the request took too long to arrive',
  409: 'what is to be loaded was refused, and the old goes on answering; or somebody else is at work on it',
  413: 'too many rows or bytes',
  415: 'not plain JSON in UTF-8',
  422: 'a field does not fit the contract',
  429: 'more requests in a minute than the key may send',
  431: 'the address and the headers are larger than this server reads',
  500: 'internal fault',
  503: 'not ready, or overloaded',
};

/** The schema of a route for the documentation; requests are not checked by it. */
export function described(summary: string, description: string, route: RouteDescription): FastifySchema {
  const { body, answer, answerType, switches = {}, query = {}, path, errors = [] } = route;
  const type = answerType ?? 'application/json';
  const schema =
    answer === undefined ? { type: answerType === undefined ? 'object' : 'string' } : refTo(answer);
  return {
    summary,
    description,
    operationId: operationIdOf(summary),
    ...(body === undefined ? {} : { body: refTo(body) }),
    ...(path === undefined
      ? {}
      : {
          params: {
            type: 'object',
            required: Object.keys(path),
            properties: Object.fromEntries(
              Object.entries(path).map(([name, help]) => [name, { type: 'string', description: help }]),
            ),
          },
        }),
    ...(Object.keys({ ...switches, ...query }).length === 0
      ? {}
      : {
          querystring: {
            type: 'object',
            properties: {
              ...Object.fromEntries(
                Object.entries(switches).map(([name, help]) => [
                  name,
                  { type: 'boolean', description: help },
                ]),
              ),
              ...query,
            },
          },
        }),
    ...(errors.includes(401) ? { security: [{ key: [] }, { bearer: [] }] } : {}),
    response: {
      200: { description: summary, content: { [type]: { schema } } },
      ...Object.fromEntries(
        [...errors, 431, 500].map((status) => [
          status,
          {
            description: MEANINGS[status] ?? '',
            content: { 'application/json': { schema: refTo('Error') } },
          },
        ]),
      ),
    },
  };
}

/** `scoreOneEntity`. */
const operationIdOf = (summary: string): string =>
  summary.toLowerCase().replaceAll(/ ([a-z])/g, (_, letter: string) => letter.toUpperCase());

const refTo = (name: string): object => ({ $ref: `${name}#` });
