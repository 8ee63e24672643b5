/** Records work until it is killed, and says of each record when it was acknowledged: `killed-recorder.ts <state>`. */
import { systemClock } from '../../src/kernel/index.ts';
import { openWork } from '../../src/workflow/index.ts';

const [stateFolder = ''] = process.argv.slice(2);
const silent = { info: () => undefined, warn: () => undefined };
const book = await openWork({ stateFolder, databaseUrl: undefined, clock: systemClock, log: silent });
const before = book.states().size;
for (let number = before + 1; ; number += 1) {
  const id = `e${String(number)}`;
  await book.record(
    id,
    { action: 'contact', outcome: 'contacted', note: 'n'.repeat(number % 500) },
    {
      id: 'a',
      name: 'Ann',
      isLead: false,
    },
  );
  process.stdout.write(`${id}\n`);
}
