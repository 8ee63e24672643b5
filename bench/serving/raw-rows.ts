/** Rows as they would be delivered, through the pack's own SQL: a section of its own, since it needs another pack. */
import type { Bench } from './sections.ts';

export async function raw(bench: Bench): Promise<void> {
  const answer = await fetch(`${bench.holdfast.url}/openapi.json`);
  const { paths } = (await answer.json()) as { readonly paths: Readonly<Record<string, unknown>> };
  const path = Object.keys(paths).find((one) => one.endsWith('/raw'));
  bench.say(
    path === undefined
      ? 'raw fields: skipped, the server has no route for them'
      : `raw fields: skipped, ${path} is there, but this benchmark makes no rows for it yet`,
  );
}
