/** How good the models of the default candidates are on public data: `npm run bench:selection`. */
import { evaluateBinary } from '../src/domain/index.ts';
import { type Learner, openLearner } from '../src/learner/index.ts';
import { DEFAULT_LEARNER } from '../src/pack/index.ts';
import { SPLIT, train, type TrainingMatrix } from '../src/train/index.ts';
import { type PublicTable, publicTable, readPublicTable, withTest } from './public-data.ts';

const METRICS = ['auc_roc', 'auc_pr', 'lift_at_top_10pct'];
const learners = new Map<string, Promise<Learner>>();

/** Test metrics of the model that selection makes of the rows that are not test rows. */
async function measure(name: PublicTable, matrix: TrainingMatrix): Promise<number[]> {
  const started = process.cpuUsage();
  const { encoding } = readPublicTable(name);
  const trained = await train({
    openLearner: (learner, slot = 0) => {
      const key = `${learner} ${String(slot)}`;
      const opened = learners.get(key) ?? openLearner(learner);
      learners.set(key, opened);
      return opened;
    },
    settings: DEFAULT_LEARNER,
    threads: 0,
    encoding,
    matrix,
    isDated: false,
  });
  const [result] = trained.horizons;
  const [horizon] = matrix.horizons;
  if (result === undefined || horizon === undefined) throw new RangeError('there is no horizon');
  const places = [...trained.evaluationRows.keys()].filter(
    (place) => horizon.splits[trained.evaluationRows[place] ?? 0] === SPLIT.test,
  );
  const { metrics } = evaluateBinary({
    labels: Float32Array.from(places, (place) => horizon.labels[trained.evaluationRows[place] ?? 0] ?? 0),
    rawScores: Float64Array.from(places, (place) => result.rawScores[place] ?? 0),
    probabilities: new Float64Array(places.length).fill(0.5),
  });
  const values = METRICS.map((metric) => metrics[metric]?.value ?? NaN);
  const used = process.cpuUsage(started);
  const seconds = ((used.user + used.system) / 1e6).toFixed(1);
  console.log(
    `${name}  ${values.map((value) => value.toFixed(4)).join('  ')}  ${result.selection?.chosen ?? ''}, ${String(result.settings.trees)} trees, ${seconds} s of a processor`,
  );
  return values;
}

console.log(`table  ${METRICS.join('  ')}`);
if (publicTable('ibm') !== undefined) {
  const { matrix } = readPublicTable('ibm');
  const all: number[][] = [];
  for (const seed of [0, 1, 2, 3, 4]) all.push(await measure('ibm', withTest(matrix, { share: 0.3, seed })));
  const means = METRICS.map(
    (_, index) => all.reduce((sum, values) => sum + (values[index] ?? NaN), 0) / all.length,
  );
  console.log(`ibm mean  ${means.map((value) => value.toFixed(4)).join('  ')}`);
}
if (publicTable('mlc') !== undefined) {
  const { matrix } = readPublicTable('mlc');
  await measure('mlc', withTest(matrix, { after: 3333 }));
}
for (const learner of learners.values()) await (await learner)[Symbol.asyncDispose]();
