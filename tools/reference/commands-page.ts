/** The page docs/reference/commands.md, made from the command modules. */
import type { Option } from 'commander';
import type { CommandModule } from '../../src/cli/command.ts';
import { allCommands } from '../../src/cli/commands/index.ts';
import { commonOptions, ownOption } from '../../src/cli/options.ts';
import { GENERATED } from './page.ts';

/** The reference of all commands as Markdown. */
export async function commandsPage(): Promise<string> {
  return `${GENERATED}
# Commands

\`holdfast <command>\` prints data on standard output and everything else on standard error.

Exit codes: 0 fine, 1 a check or gate failed, 2 usage, configuration or input, 3 internal fault, 130
interrupted. A failure prints \`error[CODE]: where: what\` and a hint; [errors](errors.md) lists the codes. With
\`--json\` a command prints one document whose \`schema\` names the command and a version, such as
\`holdfast.score/1\`; a failure prints \`holdfast.error/1\`. Progress bars appear on a terminal only; \`NO_COLOR\`
and \`TERM=dumb\` are respected.

Options of every command:

${optionTable(commonOptions())}

${(await allCommands()).map(commandSection).join('\n\n')}
`;
}

function commandSection(command: CommandModule): string {
  const words = (command.arguments ?? []).map((argument) => ` ${argument.name}`).join('');
  const parts = [`## ${command.name}`, command.description, `    holdfast ${command.name}${words} [options]`];
  const argumentRows = (command.arguments ?? []).map(({ name, help }) => `| \`${name}\` | ${cell(help)} |`);
  if (argumentRows.length > 0) parts.push(table('argument', argumentRows));
  const options = (command.options ?? []).map(ownOption);
  if (options.length > 0) parts.push(optionTable(options));
  const examples = command.examples.map((example) => `# ${example.explains}\nholdfast ${example.command}`);
  parts.push(`\`\`\`sh\n${examples.join('\n\n')}\n\`\`\``);
  return parts.join('\n\n');
}

function optionTable(options: readonly Option[]): string {
  const rows = options.map((option) => {
    const notes = [
      option.argChoices === undefined ? undefined : `one of ${option.argChoices.join(', ')}`,
      option.defaultValue === undefined ? undefined : `default ${String(option.defaultValue)}`,
      option.mandatory ? 'needed' : undefined,
    ].filter((note) => note !== undefined);
    const help = notes.length === 0 ? option.description : `${option.description} (${notes.join('; ')})`;
    return `| \`${option.flags}\` | ${cell(help)} |`;
  });
  return table('option', rows);
}

function table(name: string, rows: readonly string[]): string {
  return [`| ${name} | meaning |`, '| --- | --- |', ...rows].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
