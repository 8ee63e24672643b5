/** The choice among the candidates of a pack for one horizon, by cross-validation. */
import {
  chooseCandidate,
  type FoldRows,
  hashOfNumbers,
  stratifiedFolds,
  temporalFolds,
} from '../domain/index.ts';
import { HoldfastError, type Progress } from '../kernel/index.ts';
import type { StoredSelection } from '../model/index.ts';
import type { LearnerSettings } from '../pack/index.ts';
import {
  inSlots,
  judgeFold,
  type ModelRecipe,
  type Parameters,
  type TrainingGround,
} from './cross-validation.ts';
import { type HorizonRows, rowsIn } from './training-matrix.ts';

export interface SelectionInput {
  readonly ground: TrainingGround;
  readonly settings: LearnerSettings;
  readonly horizon: HorizonRows;
  /** Groups of rows that stay together: entities, or identical rows. */
  readonly groups: Uint32Array;
  readonly days: Int32Array;
  readonly isDated: boolean;
  /** Trainings that go on side by side. */
  readonly slots: number;
  readonly progress: Progress;
  /** Taken instead of the candidates: what tuning found for this horizon. */
  readonly tuned?: TunedRecipe;
}

type FoldsInput = Omit<SelectionInput, 'progress' | 'slots' | 'tuned'>;

/** What tuning found: takes the place of all parameters of the pack. */
export type TunedRecipe = Pick<ModelRecipe, 'learner' | 'parameters' | 'rounds'>;

/** The recipe taken. With `refit` its rounds are final, and every row but the test rows has a score of a fold. */
export interface Selected {
  readonly recipe: ModelRecipe;
  readonly record: StoredSelection | null;
  readonly refit: { readonly rows: Uint32Array; readonly scores: Float64Array } | undefined;
}

/** Without candidates, the learner as the pack has it. */
export async function selectRecipe(input: SelectionInput): Promise<Selected> {
  const { settings, horizon, ground } = input;
  const { selection } = settings;
  const { tuned } = input;
  const recipes =
    tuned === undefined ? recipesOf(settings, horizon.days) : [{ name: 'tuned', recipe: tuned }];
  const [only] = recipes;
  if (tuned === undefined && settings.candidates.length === 0 && only !== undefined)
    return { recipe: only.recipe, record: null, refit: undefined };
  const { rows, refit, folds } = foldsToJudge(input);
  if (recipes.length === 1 && !refit && only !== undefined)
    return { recipe: only.recipe, record: null, refit: undefined };
  const work = recipes.flatMap((candidate) => folds.map((fold) => ({ ...candidate, fold })));
  const task = input.progress.start(`choose a model for ${String(horizon.days)} days`, {
    total: work.length,
    unit: 'trainings',
  });
  let done = 0;
  const judged = await inSlots(work, input.slots, async ({ recipe, fold }, slot) => {
    const outcome = await judgeFold(ground, recipe, fold, {
      metric: selection.metric,
      slot,
      ...threadsOf(input),
    });
    task.update((done += 1));
    return outcome;
  });
  const foldsOfCandidate = (index: number): typeof judged =>
    judged.slice(index * folds.length, (index + 1) * folds.length);
  const choice = chooseCandidate(
    recipes.map(({ name, recipe }, index) => ({
      name,
      learner: recipe.learner,
      folds: foldsOfCandidate(index).map(({ metric }) => metric),
    })),
    selection.rule,
  );
  const chosen = recipes.findIndex(({ name }) => name === choice.chosen);
  const trees = foldsOfCandidate(chosen).map((fold) => fold.trees);
  const recipe = (recipes[chosen] as (typeof recipes)[number]).recipe;
  // The final model learns from more rows than a fold did, and can take as many more rounds, up to what is asked for.
  const more = folds.length / Math.max(1, folds.length - 1);
  const meanTrees = trees.reduce((sum, value) => sum + value, 0) / trees.length;
  const rounds = Math.max(1, Math.min(recipe.rounds, Math.round(meanTrees * more)));
  task.done(`${choice.chosen}: ${choice.why}`);
  const record: StoredSelection = {
    metric: selection.metric,
    rule: selection.rule,
    folds: folds.length,
    forwardInTime: input.isDated,
    rows: rows.length,
    chosen: choice.chosen,
    why: choice.why,
    refit,
    candidates: choice.verdicts.map((verdict, index) => ({
      ...verdict,
      learner: (recipes[index] as (typeof recipes)[number]).recipe.learner,
      folds: foldsOfCandidate(index).map(({ metric }) => metric),
      trees: foldsOfCandidate(index).map((fold) => fold.trees),
    })),
  };
  if (!refit) return { recipe, record, refit: undefined };
  const final = { ...recipe, rounds };
  return { recipe: final, record, refit: await outOfFold(input, final, rows, folds) };
}

/** The candidates as recipes for a horizon. */
function recipesOf(
  settings: LearnerSettings,
  days: number,
): readonly { readonly name: string; readonly recipe: ModelRecipe }[] {
  const overrides = settings.by_horizon[`${String(days)}d`];
  const recipe = (learner: string, parameters: Parameters, rounds: number): ModelRecipe => ({
    learner,
    parameters,
    rounds,
    ...(overrides === undefined || learner !== settings.name ? {} : { overrides }),
  });
  if (settings.candidates.length === 0)
    return [{ name: settings.name, recipe: recipe(settings.name, settings.parameters, settings.rounds) }];
  return settings.candidates.map(({ name, learner, parameters, rounds = settings.rounds }) => ({
    name,
    recipe: recipe(
      learner,
      learner === settings.name ? { ...settings.parameters, ...parameters } : parameters,
      Math.min(rounds, settings.rounds),
    ),
  }));
}

/** The folds that candidates of a horizon are judged on, and whether the one taken is refitted on their rows. */
export function foldsToJudge(input: FoldsInput): {
  readonly rows: Uint32Array;
  readonly refit: boolean;
  readonly folds: readonly FoldRows[];
} {
  const { rows, refit } = rowsOfSelection(input, input.settings.selection.refit);
  const folds = usableFolds(input, rows);
  // A row of a fold that cannot be used would have no score but that of a model which learnt from it.
  if (refit && folds.reduce((sum, { judged }) => sum + judged.length, 0) < rows.length)
    return withoutRefit(input);
  return { rows, refit, folds: requireFolds(input, folds) };
}

function withoutRefit(input: FoldsInput): ReturnType<typeof foldsToJudge> {
  const { rows } = rowsOfSelection(input, false);
  return { rows, refit: false, folds: requireFolds(input, usableFolds(input, rows)) };
}

/**
 * The rows that candidates are judged on: all but the test rows where the model is to be refitted on them, else
 * the train rows; whole groups drawn by the seed where they are too many.
 */
function rowsOfSelection(
  { settings, horizon, groups, isDated, ground }: FoldsInput,
  refit: boolean,
): {
  rows: Uint32Array;
  refit: boolean;
} {
  const { most_rows: most } = settings.selection;
  const all = rowsIn(horizon, 'train', 'stop', 'calibrate');
  const hasTest = rowsIn(horizon, 'test').length > 0;
  if (refit && !isDated && hasTest && all.length <= most) return { rows: all, refit: true };
  const train = rowsIn(horizon, 'train');
  const part = most / train.length;
  const rows =
    part >= 1
      ? train
      : train.filter((row) => hashOfNumbers(ground.seed, groups[row] as number) / 2 ** 32 < part);
  return { rows, refit: false };
}

function usableFolds(
  { settings, horizon, groups, days, isDated, ground }: FoldsInput,
  rows: Uint32Array,
): FoldRows[] {
  const { folds: count } = settings.selection;
  const folds = isDated
    ? temporalFolds({ rows, days }, count, horizon.days)
    : stratifiedFolds({ rows, labels: horizon.labels, groups }, count, ground.seed);
  return folds.filter(({ train, judged }) => [train, judged].every((part) => hasBoth(horizon, part)));
}

function requireFolds({ horizon }: FoldsInput, usable: readonly FoldRows[]): readonly FoldRows[] {
  if (usable.length > 0) return usable;
  throw new HoldfastError('HF505', {
    message: `horizon ${String(horizon.days)} days: no fold has both outcomes on both of its sides`,
    hint: 'deliver more data, or leave out learner.candidates so that nothing has to be chosen',
    place: { field: 'learner.candidates' },
  });
}

function hasBoth({ labels }: HorizonRows, rows: Uint32Array): boolean {
  return rows.some((row) => labels[row] === 1) && rows.some((row) => labels[row] === 0);
}

/** Scores of every row by a model of the other folds, made like the final one. */
async function outOfFold(
  input: SelectionInput,
  recipe: ModelRecipe,
  rows: Uint32Array,
  folds: readonly FoldRows[],
): Promise<NonNullable<Selected['refit']>> {
  const task = input.progress.start(`score ${String(input.horizon.days)} days out of fold`, {
    total: folds.length,
    unit: 'folds',
  });
  let done = 0;
  const judged = await inSlots(folds, input.slots, async (fold, slot) => {
    const outcome = await judgeFold(input.ground, recipe, fold, {
      metric: input.settings.selection.metric,
      fixedRounds: true,
      slot,
      ...threadsOf(input),
    });
    task.update((done += 1));
    return outcome;
  });
  const scoreOf = new Map<number, number>();
  folds.forEach((fold, index) => {
    fold.judged.forEach((row, position) => scoreOf.set(row, judged[index]?.scores[position] as number));
  });
  const scored = rows.filter((row) => scoreOf.has(row));
  task.done();
  return { rows: scored, scores: Float64Array.from(scored, (row) => scoreOf.get(row) as number) };
}

/** Side by side each training has one thread: on tables of this size that is quicker than two for one. */
const threadsOf = ({ slots }: SelectionInput): { threads?: number } => (slots > 1 ? { threads: 1 } : {});
