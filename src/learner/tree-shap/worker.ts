/** A thread of the explainer: takes block after block of an order until none is left. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ExplainAnswer, ExplainOrder } from './protocol.ts';
import { BLOCK_ROWS, Runner, type RunnerParts } from './runner.ts';

if (parentPort !== null) {
  const port = parentPort;
  const runner = new Runner(workerData as RunnerParts);
  port.on('message', ({ id, task, places, next }: ExplainOrder) => {
    for (;;) {
      const from = Atomics.add(next, 0, BLOCK_ROWS);
      if (from >= places) break;
      runner.run(task, from, Math.min(from + BLOCK_ROWS, places));
    }
    port.postMessage({ id } satisfies ExplainAnswer);
  });
}
