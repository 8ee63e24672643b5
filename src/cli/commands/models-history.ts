import type { RegistryEvent } from '../../registry/index.ts';
import type { CommandModule } from '../command.ts';
import { counted, formatTable, snakeKeys } from '../format.ts';
import { loadRegistry, loadWorkflow } from '../rooms.ts';
import { requireWorkspace } from '../step-command.ts';

export const command: CommandModule = {
  name: 'models history',
  summary: 'show every change of the registry: who, when, why, before and after',
  description:
    'Shows the events of the registry, the newest first. The history is only ever appended to; what is in production now is what it leads to.',
  options: [{ flags: '--limit <number>', help: 'show so many events', type: 'count', default: '20' }],
  examples: [{ command: 'models history', explains: 'how the present champion came about' }],
  async run(session, input) {
    const { config } = await session.resolve();
    await requireWorkspace(config.workspace);
    const { foldersOf } = await loadWorkflow();
    const { openRegistry } = await loadRegistry();
    const events = (
      await openRegistry(foldersOf(config.workspace).models, session.clock).events()
    ).toReversed();
    const shown = events.slice(0, input.integer('limit') ?? 20);
    return {
      data: { total: events.length, events: snakeKeys(shown) },
      text: formatTable(
        ['event', 'when', 'by', 'what', 'champion', 'why'],
        shown.map((event) => [
          event.number,
          event.at.slice(0, 19).replace('T', ' '),
          event.by,
          eventText(event),
          event.before.champion === event.after.champion
            ? event.after.champion
            : `${String(event.before.champion ?? 'none')} -> ${String(event.after.champion ?? 'none')}`,
          event.why,
        ]),
      ),
      summary: `${String(shown.length)} of ${counted(events.length, 'event')}.`,
    };
  },
};

function eventText(event: RegistryEvent): string {
  switch (event.kind) {
    case 'registered':
      return `registered set ${String(event.summary.id)}: ${event.summary.origin}`;
    case 'champion_kept':
      if (event.set === event.before.champion)
        return `judged the champion alone: ${event.isFit ? 'it passes' : 'IT FAILS'} the gates of staging today`;
      return `set ${String(event.set)} did not pass${event.isFit ? ' against the champion' : ' the gates of staging'}`;
    case 'proposed':
      return `set ${String(event.set)} passed and waits for approval`;
    case 'promoted': {
      const { approves, overruled = [] } = event;
      const how =
        overruled.length > 0
          ? `, overruling ${overruled.join(', ')}`
          : approves === undefined
            ? ''
            : `, approving event ${String(approves)}`;
      return `promoted set ${String(event.set)}${how}`;
    }
    case 'rolled_back':
      return `rolled back to set ${String(event.set)}`;
    case 'archived':
      return `archived set ${String(event.set)}`;
    case 'removed':
      return `deleted the files of set ${String(event.set)}`;
  }
}
