/** Takes one entity after the other until there is none: `work-taker.ts <state> <database> <name>`. */
import { systemClock } from '../../src/kernel/index.ts';
import { openWork } from '../../src/workflow/index.ts';

const [stateFolder = '', databaseUrl = '', name = ''] = process.argv.slice(2);
const silent = { info: () => undefined, warn: () => undefined };
await using book = await openWork({ stateFolder, databaseUrl, clock: systemClock, log: silent });
const ids = Array.from({ length: 200 }, (_, index) => `e${String(index)}`);
for (;;) {
  const id = await book.takeFirst(ids, { id: name, name, isLead: false });
  if (id === null) break;
  process.stdout.write(`${id}\n`);
}
