/**
 * How much better the Parzen estimator does than random draws on the default space, and how long 100 random trials
 * take, on the public IBM table: `npm run bench:tune`. Arguments: seeds and trials.
 */
import { type Learner, openLearner } from '../src/learner/index.ts';
import { DEFAULT_LEARNER } from '../src/pack/index.ts';
import { foldsToJudge, groundOf, judgeFold, judgingOf } from '../src/train/index.ts';
import { type Method, runStudy, spaceOf } from '../src/tune/index.ts';
import { readPublicTable, withTest } from './public-data.ts';

const [seeds = 3, trials = 100] = process.argv.slice(2).map(Number);
const learners = new Map<string, Promise<Learner>>();
const slots = 2;
const { matrix: all, encoding } = readPublicTable('ibm');
const matrix = withTest(all, { share: 0.3, seed: 0 });
const settings = { ...DEFAULT_LEARNER, rounds: 500, early_stopping_rounds: 30 };
const parts = {
  openLearner: (name: string, slot = 0) => {
    const key = `${name} ${String(slot)}`;
    const opened = learners.get(key) ?? openLearner(name);
    learners.set(key, opened);
    return opened;
  },
  settings,
  threads: 0,
  encoding,
  matrix,
  isDated: false,
};
const [horizon] = matrix.horizons;
if (horizon === undefined) throw new RangeError('there is no horizon');
const ground = groundOf(parts, horizon);
const { folds } = foldsToJudge(judgingOf(parts, horizon, ground));
const space = spaceOf('default', 'lightgbm');

/** The best mean AUC-PR after each trial. */
async function search(method: Method, seed: number): Promise<number[]> {
  const started = performance.now();
  const used = process.cpuUsage();
  const { trials: done } = await runStudy({
    method,
    space,
    seed,
    trials,
    folds: folds.length,
    before: [],
    judge: (point, fold) => {
      const chosen = folds[fold];
      if (chosen === undefined) throw new RangeError('there is no such fold');
      const recipe = {
        learner: 'lightgbm',
        parameters: { ...space.fixed, ...point },
        rounds: settings.rounds,
      };
      return judgeFold(ground, recipe, chosen, { metric: 'auc_pr', slot: fold % slots, threads: 1 });
    },
    keep: () => Promise.resolve(),
    now: () => performance.now(),
  });
  const { user, system } = process.cpuUsage(used);
  let best = -Infinity;
  const course = done.map(({ mean, status }) => (best = status === 'done' ? Math.max(best, mean) : best));
  const pruned = done.filter(({ status }) => status === 'pruned').length;
  console.log(
    `${method} seed ${String(seed)}: best ${best.toFixed(5)}, ${String(pruned)} pruned, ` +
      `${((performance.now() - started) / 1000).toFixed(0)} s, ${((user + system) / 1e6).toFixed(0)} s of a processor`,
  );
  return course;
}

const gaps: number[] = [];
for (let seed = 0; seed < seeds; seed++) {
  const random = await search('random', seed);
  const tpe = await search('tpe', seed);
  gaps.push((tpe.at(-1) ?? NaN) - (random.at(-1) ?? NaN));
  const reached = tpe.findIndex((best) => best >= (random.at(-1) ?? Infinity));
  console.log(
    `  tpe - random ${(gaps.at(-1) ?? NaN).toFixed(5)}; tpe reached the best of random after ${reached < 0 ? 'more' : String(reached + 1)} trials`,
  );
}
const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
const wins = gaps.filter((gap) => gap > 0).length;
console.log(
  `TPE is better in ${String(wins)} of ${String(gaps.length)} seeds, by ${mean.toFixed(5)} AUC-PR on average`,
);
for (const learner of learners.values()) await (await learner)[Symbol.asyncDispose]();
