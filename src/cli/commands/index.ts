import type { CommandModule } from '../command.ts';

type LoadCommand = () => Promise<{ readonly command: CommandModule }>;

/**
 * All commands by name, in the order of the help: the main job, its steps, looking at it, set-up. Each is loaded when it
 * is asked for.
 */
const COMMANDS: Readonly<Record<string, LoadCommand>> = {
  demo: () => import('./demo.ts'),
  init: () => import('./init.ts'),
  profile: () => import('./profile.ts'),
  run: () => import('./run.ts'),
  ingest: () => import('./ingest.ts'),
  build: () => import('./build.ts'),
  'audit leakage': () => import('./audit-leakage.ts'),
  train: () => import('./train.ts'),
  tune: () => import('./tune.ts'),
  evaluate: () => import('./evaluate.ts'),
  backtest: () => import('./backtest.ts'),
  report: () => import('./report.ts'),
  'models list': () => import('./models-list.ts'),
  'models show': () => import('./models-show.ts'),
  'models history': () => import('./models-history.ts'),
  'models compare': () => import('./models-compare.ts'),
  'models compose': () => import('./models-compose.ts'),
  'models promote': () => import('./models-promote.ts'),
  'models approve': () => import('./models-approve.ts'),
  'models rollback': () => import('./models-rollback.ts'),
  'models archive': () => import('./models-archive.ts'),
  'models push': () => import('./models-push.ts'),
  'models pull': () => import('./models-pull.ts'),
  'models verify': () => import('./models-verify.ts'),
  'models export': () => import('./models-export.ts'),
  'models gc': () => import('./models-gc.ts'),
  score: () => import('./score.ts'),
  lists: () => import('./lists.ts'),
  'lists show': () => import('./lists-show.ts'),
  explain: () => import('./explain.ts'),
  serve: () => import('./serve.ts'),
  'keys create': () => import('./keys-create.ts'),
  'keys list': () => import('./keys-list.ts'),
  'keys revoke': () => import('./keys-revoke.ts'),
  'predictions push': () => import('./predictions-push.ts'),
  plan: () => import('./plan.ts'),
  runs: () => import('./runs.ts'),
  tables: () => import('./tables.ts'),
  query: () => import('./query.ts'),
  'features get': () => import('./features-get.ts'),
  generate: () => import('./generate.ts'),
  'config show': () => import('./config-show.ts'),
  doctor: () => import('./doctor.ts'),
  completion: () => import('./completion.ts'),
};

export async function allCommands(): Promise<readonly CommandModule[]> {
  const loaded = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  return loaded.map(({ command }) => command);
}

/** The one command that typed words begin with; all where they may be about others too, such as `lists` or `--help`. */
export async function commandsFor(words: readonly string[]): Promise<readonly CommandModule[]> {
  const [first = '', second = ''] = words;
  const name = Object.hasOwn(COMMANDS, `${first} ${second}`) ? `${first} ${second}` : first;
  const isGroup = Object.keys(COMMANDS).some((other) => other.startsWith(`${name} `));
  // Completion is about all of them.
  const load =
    isGroup || name === 'completion' || !Object.hasOwn(COMMANDS, name) ? undefined : COMMANDS[name];
  return load === undefined ? allCommands() : [(await load()).command];
}
