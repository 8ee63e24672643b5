/** Orders to the process that sends requests, and what it found. */
import { fork } from 'node:child_process';
import path from 'node:path';
import type { MadeFeature } from './made-rows.ts';

export interface LoadOrder {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second at even distances; absent: each connection asks again as soon as it was answered. */
  readonly rate?: number;
  readonly bodies:
    | {
        readonly kind: 'features';
        readonly features: readonly MadeFeature[];
        readonly seed: number;
        readonly rows?: number;
      }
    | { readonly kind: 'keys'; readonly entities: number; readonly seed: number }
    | { readonly kind: 'fixed'; readonly texts: readonly string[] };
}

export interface LoadResult {
  /** Answered with 200. */
  readonly answered: number;
  /** Answered otherwise, or not at all. */
  readonly failed: number;
  readonly seconds: number;
  /** Of requests at even distances from when each was due, so that one which had to wait counts in full. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Sends requests from a process of its own. */
export function load(order: LoadOrder): Promise<LoadResult> {
  const child = fork(path.join(import.meta.dirname, 'load-process.ts'), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    child.on('message', (result: LoadResult) => {
      resolve(result);
    });
    child.on('exit', (code) => {
      reject(new Error(`the process that sends requests ended with ${String(code)}`));
    });
    child.send(order);
  });
}
