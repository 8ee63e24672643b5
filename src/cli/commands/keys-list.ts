import type { Clock } from '../../kernel/index.ts';
import { type KeyRecord, openKeyStore } from '../../store/index.ts';
import type { CommandModule } from '../command.ts';
import { counted, formatTable, snakeKeys } from '../format.ts';
import { requireWorkspace } from '../step-command.ts';

export const command: CommandModule = {
  name: 'keys list',
  summary: 'show the keys of the scoring server, without what is secret',
  description: 'Shows every key that was made, with its role, its name, and whether it is valid now.',
  examples: [{ command: 'keys list', explains: 'who may ask the server' }],
  async run(session) {
    const { config } = await session.resolve();
    await requireWorkspace(config.workspace);
    const keys = (await openKeyStore(config.state, session.clock).list()).map((record) => ({
      record,
      status: statusOf(record, session.clock),
    }));
    return {
      data: {
        keys: keys.map(({ record: { hash: _hash, ...record }, status }) => ({
          ...(snakeKeys(record) as object),
          status,
        })),
      },
      text: formatTable(
        ['id', 'role', 'name', 'status', 'created', 'expires'],
        keys.map(({ record, status }) => [
          record.id,
          record.role,
          record.name,
          status,
          record.createdAt.slice(0, 10),
          record.expiresAt?.slice(0, 10) ?? 'never',
        ]),
      ),
      summary:
        keys.length === 0
          ? 'There is no key: the server listens on this machine alone.'
          : `${String(keys.filter(({ status }) => status === 'valid').length)} of ${counted(keys.length, 'key')} valid.`,
    };
  },
};

function statusOf({ revokedAt, expiresAt }: KeyRecord, clock: Clock): 'valid' | 'expired' | 'revoked' {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= clock.now().getTime() ? 'expired' : 'valid';
}
