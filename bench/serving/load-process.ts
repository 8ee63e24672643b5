/** Sends requests as its parent orders: as fast as they are answered (autocannon), or at even distances. */
import autocannon from 'autocannon';
import type { LoadOrder, LoadResult } from './load.ts';
import { distinctBodies, keyBodies } from './made-rows.ts';
import { sendPaced } from './paced.ts';

process.once('message', (order: LoadOrder) => {
  const work = order.rate === undefined ? sendUnpaced(order) : sendPaced(order, order.rate, bodiesOf(order));
  void work.then((result) => {
    process.send?.(result, () => {
      process.exit();
    });
  });
});

function bodiesOf({ bodies }: LoadOrder): () => string {
  if (bodies.kind === 'features') return distinctBodies(bodies.features, bodies.seed, bodies.rows);
  if (bodies.kind === 'keys') return keyBodies(bodies.entities, bodies.seed);
  let count = 0;
  return () => bodies.texts[count++ % bodies.texts.length] ?? '';
}

async function sendUnpaced(order: LoadOrder): Promise<LoadResult> {
  const body = bodiesOf(order);
  const times: number[] = [];
  const {
    '2xx': answered,
    non2xx,
    errors,
    timeouts,
    duration,
  } = await new Promise<autocannon.Result>((resolve, reject) => {
    const running = autocannon(
      {
        url: order.url,
        connections: order.connections,
        duration: order.seconds,
        timeout: 60,
        headers: { 'content-type': 'application/json', ...order.headers },
        requests: [{ method: 'POST', setupRequest: (request) => ({ ...request, body: body() }) }],
      },
      (error: Error | null, result) => {
        if (error === null) resolve(result);
        else reject(error);
      },
    );
    running.on('response', (_client, _status, _bytes, milliseconds) => {
      times.push(milliseconds);
    });
  });
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.ceil(share * times.length) - 1] ?? Number.NaN;
  return {
    answered,
    failed: non2xx + errors + timeouts,
    seconds: duration,
    p50: at(0.5),
    p99: at(0.99),
    max: at(1),
  };
}
