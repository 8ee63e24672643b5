/** Completion scripts for shells, made from the program. */
import type { Command } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What may follow `holdfast <words>`. */
interface Node {
  /** Words after `holdfast`; empty for the program itself. */
  readonly words: readonly string[];
  readonly summary: string;
  readonly commands: readonly string[];
  readonly options: readonly { readonly name: string; readonly help: string; readonly takesValue: boolean }[];
}

/** The script for a shell, ending in a line break. */
export function completionScript(program: Command, shell: Shell): string {
  const nodes = nodesOf(program, []);
  const scripts: Readonly<Record<Shell, (nodes: readonly Node[]) => string>> = {
    bash: bashScript,
    zsh: zshScript,
    fish: fishScript,
  };
  return scripts[shell](nodes);
}

function nodesOf(command: Command, words: readonly string[]): Node[] {
  const node: Node = {
    words,
    summary: command.summary() || command.description(),
    commands: command.commands.map((item) => item.name()),
    options: command.options.map((option) => ({
      name: option.long ?? option.flags,
      help: option.description,
      takesValue: option.required || option.optional,
    })),
  };
  return [node, ...command.commands.flatMap((item) => nodesOf(item, [...words, item.name()]))];
}

function bashScript(nodes: readonly Node[]): string {
  return `# Completion of holdfast for bash.
${wordsFunction(nodes)}
_holdfast() {
  local word path="" current="\${COMP_WORDS[COMP_CWORD]}"
  local i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${COMP_WORDS[i]}"
    if [ -n "$(_holdfast_words "$path $word")" ]; then path="$path $word"; fi
  done
  COMPREPLY=($(compgen -W "$(_holdfast_words "$path")" -- "$current"))
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -F _holdfast holdfast
`;
}

function zshScript(nodes: readonly Node[]): string {
  return `#compdef holdfast
# Completion of holdfast for zsh.
${wordsFunction(nodes)}
_holdfast() {
  local word route=""
  for word in "\${(@)words[2,CURRENT-1]}"; do
    if [[ -n "$(_holdfast_words "$route $word")" ]]; then route="$route $word"; fi
  done
  local -a candidates
  candidates=(\${=$(_holdfast_words "$route")})
  compadd -a candidates || _files
}
compdef _holdfast holdfast
`;
}

/** A shell function that prints the words that may follow a command; nothing for what is no command. */
function wordsFunction(nodes: readonly Node[]): string {
  const cases = nodes.map((node) => {
    const path = node.words.map((word) => ` ${word}`).join('');
    return `    "${path}") echo "${[...node.commands, ...node.options.map(({ name }) => name)].join(' ')}" ;;`;
  });
  return `_holdfast_words() {
  case "$1" in
${cases.join('\n')}
  esac
}`;
}

function fishScript(nodes: readonly Node[]): string {
  const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const lines = nodes.flatMap((node) => {
    const seen = node.words.map((word) => `__fish_seen_subcommand_from ${word}`);
    const condition = quote(seen.length === 0 ? '__fish_use_subcommand' : seen.join('; and '));
    const commands = node.commands.map((name) => {
      const child = nodes.find((item) => item.words.join(' ') === [...node.words, name].join(' '));
      return `complete -c holdfast -f -n ${condition} -a ${name} -d ${quote(child?.summary ?? '')}`;
    });
    const options = node.options.map(
      ({ name, help, takesValue }) =>
        `complete -c holdfast -n ${condition} -l ${name.replace(/^--/, '')}${takesValue ? ' -r' : ''} -d ${quote(help)}`,
    );
    return [...commands, ...options];
  });
  return `# Completion of holdfast for fish.\n${lines.join('\n')}\n`;
}
