import type { CommandModule } from '../command.ts';
import { completionScript, type Shell, SHELLS } from '../completion.ts';

export const command: CommandModule = {
  name: 'completion',
  summary: 'print a script that completes commands and options in a shell',
  description: 'Prints a completion script. Load it from the start-up file of the shell.',
  arguments: [{ name: '<shell>', help: 'bash, zsh or fish', choices: SHELLS }],
  examples: [
    { command: 'completion bash >> ~/.bashrc', explains: 'in bash' },
    { command: 'completion zsh > "${fpath[1]}/_holdfast"', explains: 'in zsh' },
    { command: 'completion fish > ~/.config/fish/completions/holdfast.fish', explains: 'in fish' },
  ],
  run: (session, input) => {
    const shell = SHELLS.find((name) => name === input.arguments[0]) ?? ('bash' satisfies Shell);
    const script = completionScript(session.program, shell);
    return Promise.resolve({ data: { shell, script }, text: script });
  },
};
