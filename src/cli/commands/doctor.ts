import { runChecks } from '../checks.ts';
import type { CommandModule } from '../command.ts';
import { paintFor } from '../terminal.ts';

export const command: CommandModule = {
  name: 'doctor',
  summary: 'check the machine, the native libraries, the workspace and the pack',
  description:
    'Checks what Holdfast needs and says how to mend what is missing. Exit code 1 where a check fails.',
  examples: [
    { command: 'doctor', explains: 'before the first run' },
    { command: 'doctor --pack ./my-pack', explains: 'whether a pack of your own can be used' },
  ],
  async run(session) {
    const checks = await runChecks(session);
    const failed = checks.filter((check) => !check.ok);
    const paint = paintFor(session.terminal.stdout, session.terminal.environment);
    const lines = checks.map(({ name, ok, detail, mend }) => {
      const mark = ok ? paint('green', 'ok  ') : paint(['red', 'bold'], 'FAIL');
      return `${mark}  ${name}: ${detail}${mend === undefined ? '' : `\n      mend: ${mend}`}`;
    });
    return {
      data: { healthy: failed.length === 0, checks },
      text: lines.join('\n'),
      summary:
        failed.length === 0
          ? 'Everything is in place.'
          : `${failed.length} of ${checks.length} checks failed.`,
      ...(failed.length === 0 ? {} : { exitCode: 1 as const }),
    };
  },
};
