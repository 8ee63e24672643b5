/** What is tried next: the grid, random draws, or the tree-structured Parzen estimator. */
import { randomNumbers } from '../domain/index.ts';
import { type Dimension, gridOf, partOf, type Point, type Space, type Value, valueAt } from './space.ts';

export const METHODS = ['grid', 'random', 'tpe'] as const;
export type Method = (typeof METHODS)[number];

/** A trial that is over; higher scores are better. A pruned one has the mean of the folds it was judged on. */
export interface PastTrial {
  readonly point: Point;
  readonly score: number;
}

/**
 * The point of a trial. It depends on the seed, the number of the trial and what came of the trials before it
 * alone, so that a search that was interrupted goes on as if it had not been. Null when a grid is done.
 */
export function pointOf(
  method: Method,
  space: Space,
  {
    seed,
    trial,
    past,
  }: { readonly seed: number; readonly trial: number; readonly past: readonly PastTrial[] },
): Point | null {
  if (method === 'grid') return gridOf(space)[trial] ?? null;
  const draw = randomNumbers(seed, trial);
  const random = (): number => draw() / 2 ** 32;
  const isStarting = past.length < STARTING_TRIALS;
  return method === 'random' || isStarting
    ? drawPoint(space, (dimension) => valueAt(dimension, random()))
    : parzenPoint(space, past, random);
}

/** Random trials before the estimator has something to go by. */
const STARTING_TRIALS = 10;
/** Points drawn from the good trials, of which the most promising is tried. */
const CANDIDATES = 24;
/** Share of trials that count as good, and the most of them. */
const GOOD_SHARE = 0.15;
const MOST_GOOD = 25;

function drawPoint(space: Space, drawn: (dimension: Dimension, name: string) => Value): Point {
  return Object.fromEntries(
    Object.entries(space.dimensions).map(([name, dimension]) => [name, drawn(dimension, name)]),
  );
}

/**
 * Tree-structured Parzen estimator (Bergstra, Bardenet, Bengio and Kegl 2011, section 4): the density l of the good
 * trials and g of the others, a mixture of a uniform density and one kernel a trial in each dimension; of some points
 * drawn from l the one with the largest l/g is taken, which has the largest expected improvement.
 */
function parzenPoint(space: Space, past: readonly PastTrial[], random: () => number): Point {
  const sorted = [...past].sort((a, b) => b.score - a.score);
  const count = Math.min(MOST_GOOD, Math.max(2, Math.ceil(GOOD_SHARE * sorted.length)));
  const [good, others] = [sorted.slice(0, count), sorted.slice(count)];
  const densities = Object.fromEntries(
    Object.entries(space.dimensions).map(([name, dimension]) => {
      const of = (trials: readonly PastTrial[]): Density =>
        densityOf(
          dimension,
          trials.map(({ point }) => point[name] as Value),
        );
      return [name, { dimension, good: of(good), others: of(others) }];
    }),
  );
  let best: { point: Point; gain: number } | undefined;
  for (let candidate = 0; candidate < CANDIDATES; candidate++) {
    let gain = 0;
    const point = drawPoint(space, (_dimension, name) => {
      const pair = densities[name] as { good: Density; others: Density };
      const value = pair.good.draw(random);
      gain += Math.log(pair.good.at(value)) - Math.log(pair.others.at(value));
      return value;
    });
    if (best === undefined || gain > best.gain) best = { point, gain };
  }
  return (best as { point: Point }).point;
}

interface Density {
  readonly at: (value: Value) => number;
  readonly draw: (random: () => number) => Value;
}

function densityOf(dimension: Dimension, values: readonly Value[]): Density {
  return dimension.kind === 'choice' ? countedDensity(dimension, values) : kernelDensity(dimension, values);
}

/** Shares of choices, each counted once more than it was seen. */
function countedDensity(
  dimension: Extract<Dimension, { kind: 'choice' }>,
  values: readonly Value[],
): Density {
  const share = (choice: Value): number =>
    (values.filter((value) => value === choice).length + 1) / (values.length + dimension.values.length);
  return {
    at: share,
    draw: (random) => {
      let rest = random();
      for (const choice of dimension.values) {
        rest -= share(choice);
        if (rest < 0) return choice;
      }
      return dimension.values.at(-1) as Value;
    },
  };
}

/**
 * A uniform density over the range and a normal kernel at each value, cut off at the ends. A kernel is as wide as the
 * larger distance to its neighbours, and never so narrow that the search could not leave a value again.
 */
function kernelDensity(dimension: Extract<Dimension, { kind: 'range' }>, values: readonly Value[]): Density {
  const centers = values.map((value) => partOf(dimension, value)).sort((a, b) => a - b);
  const narrowest = 1 / Math.min(100, 1 + values.length);
  const kernels = centers.map((center, index) => {
    const before = center - (centers[index - 1] ?? 0);
    const after = (centers[index + 1] ?? 1) - center;
    const width = Math.min(1, Math.max(narrowest, before, after));
    return { center, width, mass: normalShare((1 - center) / width) - normalShare(-center / width) };
  });
  return {
    at: (value) => {
      const part = partOf(dimension, value);
      const kernelSum = kernels.reduce(
        (sum, { center, width, mass }) =>
          sum + Math.exp(-0.5 * ((part - center) / width) ** 2) / (width * Math.sqrt(2 * Math.PI) * mass),
        0,
      );
      return (1 + kernelSum) / (1 + kernels.length);
    },
    draw: (random) => {
      const kernel = kernels[Math.floor(random() * (kernels.length + 1))];
      if (kernel === undefined) return valueAt(dimension, random());
      for (;;) {
        const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
        const part = kernel.center + kernel.width * normal;
        if (part >= 0 && part <= 1) return valueAt(dimension, part);
      }
    },
  };
}

/** Share of a standard normal distribution below a value (Abramowitz and Stegun 1964, 7.1.26; error below 1e-7). */
function normalShare(value: number): number {
  const x = Math.abs(value) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const half = (1 - polynomial * Math.exp(-x * x)) / 2;
  return value >= 0 ? 0.5 + half : 0.5 - half;
}
