/**
 * Requests at even distances over connections that are kept, whether those before were answered or not. autocannon
 * sends the requests of each second all at its start, which is no constant rate.
 */
import { connect, type Socket } from 'node:net';
import type { LoadOrder, LoadResult } from './load.ts';

interface Connection {
  readonly socket: Socket;
  /** When the request under way was due. */
  due: number;
  received: string;
}

const HEAD_END = '\r\n\r\n';
/** What is not answered by then has failed. */
const PATIENCE_MS = 5000;

export async function sendPaced(order: LoadOrder, rate: number, body: () => string): Promise<LoadResult> {
  const { hostname, port, pathname, search, host } = new URL(order.url);
  const headers = Object.entries({ host, 'content-type': 'application/json', ...order.headers });
  const head = [
    `POST ${pathname}${search} HTTP/1.1`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n');
  const free: Connection[] = [];
  const waiting: number[] = [];
  const times: number[] = [];
  let failed = 0;
  const send = (connection: Connection, due: number): void => {
    const text = body();
    connection.due = due;
    connection.received = '';
    connection.socket.write(
      `${head}\r\ncontent-length: ${String(Buffer.byteLength(text))}${HEAD_END}${text}`,
    );
  };
  const finish = (connection: Connection): void => {
    if (connection.received.startsWith('HTTP/1.1 200')) times.push(performance.now() - connection.due);
    else failed += 1;
    const next = waiting.shift();
    if (next === undefined) free.push(connection);
    else send(connection, next);
  };
  const open: Connection[] = [];
  for (let index = 0; index < order.connections; index += 1) {
    const socket = connect(Number(port), hostname).setNoDelay(true).setEncoding('latin1');
    const connection: Connection = { socket, due: 0, received: '' };
    socket.on('data', (text: string) => {
      connection.received += text;
      if (isWhole(connection.received)) finish(connection);
    });
    socket.on('error', () => {
      failed += 1;
    });
    await new Promise((resolve) => socket.once('connect', resolve));
    open.push(connection);
    free.push(connection);
  }
  const total = Math.round(rate * order.seconds);
  const begun = performance.now();
  let sent = 0;
  while (sent < total) {
    const now = performance.now();
    for (; sent < total && begun + (sent * 1000) / rate <= now; sent += 1) {
      const due = begun + (sent * 1000) / rate;
      const connection = free.shift();
      if (connection === undefined) waiting.push(due);
      else send(connection, due);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const seconds = (performance.now() - begun) / 1000;
  const until = performance.now() + PATIENCE_MS;
  while (times.length + failed < total && performance.now() < until)
    await new Promise((resolve) => setTimeout(resolve, 5));
  for (const { socket } of open) socket.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.ceil(share * times.length) - 1] ?? Number.NaN;
  return {
    answered: times.length,
    failed: total - times.length,
    seconds,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  };
}

function isWhole(received: string): boolean {
  const end = received.indexOf(HEAD_END);
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(received.slice(0, end + 2))?.[1];
  return received.length >= end + HEAD_END.length + Number(length ?? 0);
}
