import type { RegisteredSet, RegistryState } from '../../registry/index.ts';
import type { CommandModule } from '../command.ts';
import { counted, formatTable, snakeKeys } from '../format.ts';
import { loadRegistry, loadWorkflow } from '../rooms.ts';
import { requireWorkspace } from '../step-command.ts';

export const command: CommandModule = {
  name: 'models list',
  summary: 'show the model sets, their stages, and which one is champion',
  description:
    'Shows the registered model sets, the newest first: stage (none, staging, production, archived), whether it is champion or challenger, the version of each model, and AUC-PR on the test rows of its training. AUC-PR of different trainings is on different rows: models compare measures two sets on the same ones.',
  options: [
    { flags: '--limit <number>', help: 'show so many sets', type: 'count', default: '20' },
    { flags: '--all', help: 'those too whose files were deleted' },
  ],
  examples: [
    { command: 'models list', explains: 'what is in production and what challenges it' },
    { command: 'models list --all --json', explains: 'every set there ever was, for a program' },
  ],
  async run(session, input) {
    const { config } = await session.resolve();
    await requireWorkspace(config.workspace);
    const { foldersOf } = await loadWorkflow();
    const { openRegistry } = await loadRegistry();
    const state = await openRegistry(foldersOf(config.workspace).models, session.clock).state();
    const sets = [...state.sets.values()]
      .filter(({ isRemoved }) => input.flag('all') || !isRemoved)
      .reverse();
    const shown = sets.slice(0, input.integer('limit') ?? 20);
    return {
      data: {
        champion: state.champion,
        challenger: state.challenger,
        proposal: snakeKeys(state.proposal),
        total: sets.length,
        sets: shown.map((set) => ({
          ...(snakeKeys(plain(set)) as object),
          versions: set.versions,
          test_auc_pr: set.testAucPr,
        })),
      },
      text: formatTable(
        ['set', 'stage', 'alias', 'models', 'test AUC-PR', 'origin', 'registered', 'by'],
        shown.map((set) => [
          set.id,
          set.isRemoved ? 'deleted' : set.stage,
          aliasOf(state, set.id),
          Object.entries(set.versions)
            .map(([name, version]) => `${name}/${String(version)}`)
            .join(' '),
          Object.values(set.testAucPr)
            .map((value) => (value === null ? 'not known' : value.toFixed(3)))
            .join(' '),
          set.origin,
          set.registeredAt.slice(0, 19).replace('T', ' '),
          set.registeredBy,
        ]),
      ),
      summary:
        sets.length === 0
          ? 'No model set was registered in this workspace yet.'
          : `${String(shown.length)} of ${counted(sets.length, 'set')}${waiting(state)}.`,
      ...(sets.length === 0 ? { next: 'holdfast train' } : {}),
    };
  },
};

const plain = ({ versions: _versions, testAucPr: _testAucPr, ...rest }: RegisteredSet): object => rest;

const waiting = ({ proposal }: RegistryState): string =>
  proposal === null
    ? ''
    : `; set ${String(proposal.set)}, proposed by ${proposal.by}, waits for holdfast models approve`;

function aliasOf({ champion, challenger, proposal }: RegistryState, id: number): string | null {
  const aliases = [
    ...(champion === id ? ['champion'] : []),
    ...(challenger === id ? ['challenger'] : []),
    ...(proposal?.set === id ? ['proposed'] : []),
  ];
  return aliases.length === 0 ? null : aliases.join(', ');
}
