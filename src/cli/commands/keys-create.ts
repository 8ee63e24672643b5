import { HoldfastError, type Clock } from '../../kernel/index.ts';
import { openKeyStore, type Role, ROLES } from '../../store/index.ts';
import type { CommandModule } from '../command.ts';
import { requireWorkspace } from '../step-command.ts';

const DAY_MS = 86_400_000;
const DAYS_AT_MOST = 3650;

export const command: CommandModule = {
  name: 'keys create',
  summary: 'make a key for the scoring server and print it once',
  description:
    'Makes an API key of a role, prints it on standard output, and stores its hash alone. A server that runs takes it within seconds; the first key closes a server that was open to everybody on its machine.',
  options: [
    { flags: '--role <role>', help: 'what the key may do', choices: ROLES, isRequired: true },
    { flags: '--name <text>', help: 'who or what it is for', default: '' },
    { flags: '--expires <time>', help: 'days such as 90d, a date, or never', default: '90d' },
  ],
  examples: [
    { command: 'keys create --role service --expires 90d', explains: 'a key for a program' },
    { command: 'keys create --role agent --name "front desk"', explains: 'a key with a name' },
  ],
  async run(session, input) {
    const { config } = await session.resolve();
    await requireWorkspace(config.workspace);
    const role = (input.text('role') ?? '') as Role;
    const expiresAt = expiryOf(input.text('expires') ?? '90d', session.clock);
    const name = input.text('name')?.trim() ?? '';
    if (/[\p{Cc}\p{Cf}]/u.test(name))
      throw new HoldfastError('HF101', {
        message: '--name takes one line of text',
        hint: 'leave line breaks and control characters out',
      });
    const store = openKeyStore(config.state, session.clock);
    const { record, key } = await store.create({ role, name, expiresAt });
    const until = expiresAt === null ? 'does not expire' : `expires on ${expiresAt.slice(0, 10)}`;
    return {
      data: {
        key,
        id: record.id,
        role,
        name: record.name,
        created_at: record.createdAt,
        expires_at: expiresAt,
      },
      text: key,
      summary: `Key ${record.id} of the role ${role} ${until}. It is not shown again.`,
    };
  },
};

/** The instant at which a key ends; null for `never`. HF101 for anything else, and for what is over already. */
function expiryOf(text: string, clock: Clock): string | null {
  if (text === 'never') return null;
  const days = /^([1-9][0-9]{0,3})d$/.exec(text)?.[1];
  const now = clock.now().getTime();
  if (days !== undefined && Number(days) <= DAYS_AT_MOST) {
    return new Date(now + Number(days) * DAY_MS).toISOString();
  }
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (date > now && date <= now + DAYS_AT_MOST * DAY_MS) return new Date(date).toISOString();
  throw new HoldfastError('HF101', {
    message: `--expires takes days such as 90d, a date to come, or never, not "${text}"`,
    hint: `a key lasts at most ${String(DAYS_AT_MOST)} days unless it never expires`,
    place: { field: '--expires' },
  });
}
