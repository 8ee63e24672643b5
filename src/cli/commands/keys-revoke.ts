import { HoldfastError } from '../../kernel/index.ts';
import { openKeyStore } from '../../store/index.ts';
import type { CommandModule } from '../command.ts';
import { requireWorkspace } from '../step-command.ts';

export const command: CommandModule = {
  name: 'keys revoke',
  summary: 'end a key of the scoring server',
  description: 'Ends a key for good. A server that runs refuses it within seconds.',
  arguments: [{ name: '<id>', help: 'id of the key, as keys list shows it' }],
  examples: [{ command: 'keys revoke 0123456789ab', explains: 'end the key of this id' }],
  async run(session, input) {
    const { config } = await session.resolve();
    await requireWorkspace(config.workspace);
    const id = input.arguments[0] ?? '';
    const record = await openKeyStore(config.state, session.clock).revoke(id);
    if (record === undefined) {
      throw new HoldfastError('HF101', {
        message: `there is no key of the id ${id}`,
        hint: 'holdfast keys list shows the ids; the id is the part between the first two underscores of a key',
      });
    }
    return {
      data: { id, role: record.role, name: record.name, revoked_at: record.revokedAt },
      summary: `Key ${id} of the role ${record.role} is revoked.`,
    };
  },
};
