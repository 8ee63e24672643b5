/** Queues uploads, and calls every second one arrived, until it is killed: `killed-queue.ts <state folder>`. */
import { openUploadQueue } from '../../src/tracking/index.ts';

const queue = openUploadQueue(process.argv[2] ?? '');
for (let n = 0; ; n++) {
  const id = `upload ${String(n)}`;
  await queue.add({
    id,
    kind: 'run',
    payload: { text: 'x'.repeat(20_000) },
    queuedAt: '2024-01-01T00:00:00Z',
  });
  process.stdout.write(`+${String(n)}\n`);
  if (n % 2 === 1) continue;
  await queue.done(id);
  process.stdout.write(`-${String(n)}\n`);
}
