/** Answers to what never became a request: broken HTTP, too large headers, a sender that is too slow. */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { asProblem, errorBody } from './error-shape.ts';

/** Answers in the one shape of errors and closes the connection. Gives the status. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): number {
  const problem = asProblem(error);
  const { httpStatus } = problem;
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy();
    return httpStatus;
  }
  const requestId = randomUUID();
  const body = JSON.stringify(errorBody(problem, requestId));
  const head = [
    `HTTP/1.1 ${String(httpStatus)} ${STATUS_CODES[httpStatus] ?? ''}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${String(Buffer.byteLength(body))}`,
    `x-request-id: ${requestId}`,
    'connection: close',
  ];
  // Not waited for: who sends slowly may read slowly.
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroySoon();
  return httpStatus;
}
