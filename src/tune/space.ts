/** Search spaces: what is varied, between which bounds, on which scale. */
import { HoldfastError } from '../kernel/index.ts';

export type Value = string | number | boolean;

/** One dimension. `log` spreads draws evenly over the orders of magnitude; `integer` takes whole numbers. */
export type Dimension =
  | { readonly kind: 'choice'; readonly values: readonly Value[] }
  | {
      readonly kind: 'range';
      readonly from: number;
      readonly to: number;
      readonly log?: true;
      readonly integer?: true;
    };

export interface Space {
  readonly name: string;
  readonly learner: string;
  /** Parameters that stay as they are. */
  readonly fixed: Readonly<Record<string, Value>>;
  /** By the learner's own names; `rounds` stands for the most boosting rounds. */
  readonly dimensions: Readonly<Record<string, Dimension>>;
}

/** A point of a space. */
export type Point = Readonly<Record<string, Value>>;

const choice = (...values: readonly Value[]): Dimension => ({ kind: 'choice', values });

const LIGHTGBM_FIXED = {
  objective: 'binary',
  metric: 'average_precision',
  subsample_freq: 1,
  max_cat_to_onehot: 64,
} as const;

/** The names that the four parameters of every grid have in a learner. */
const SUBSAMPLED = { lightgbm: LIGHTGBM_FIXED, xgboost: {} } as const;

/** 108 points: 4 x 3 x 3 x 3. */
const grid108 = (learner: 'lightgbm' | 'xgboost'): Space => ({
  name: 'grid108',
  learner,
  fixed: SUBSAMPLED[learner],
  dimensions: {
    max_depth: choice(3, 5, 7, 10),
    learning_rate: choice(0.01, 0.1, 0.3),
    rounds: choice(100, 200, 300),
    subsample: choice(0.8, 0.9, 1),
  },
});

/** 9,216 points over seven parameters, of which a search draws some. */
const seven = (learner: 'lightgbm' | 'xgboost'): Space => ({
  name: 'seven',
  learner,
  fixed: SUBSAMPLED[learner],
  dimensions: {
    max_depth: choice(3, 5, 7, 10),
    learning_rate: choice(0.01, 0.05, 0.1, 0.3),
    rounds: choice(100, 200, 300, 500),
    subsample: choice(0.7, 0.8, 0.9, 1),
    colsample_bytree: choice(0.7, 0.8, 0.9, 1),
    ...(learner === 'lightgbm'
      ? { min_child_samples: choice(10, 30, 50), min_split_gain: choice(0, 0.1, 0.2) }
      : { min_child_weight: choice(1, 3, 5), gamma: choice(0, 0.1, 0.2) }),
  },
});

const DEFAULTS: Readonly<Record<string, Space>> = {
  lightgbm: {
    name: 'default',
    learner: 'lightgbm',
    fixed: LIGHTGBM_FIXED,
    dimensions: {
      num_leaves: { kind: 'range', from: 2, to: 96, log: true, integer: true },
      learning_rate: { kind: 'range', from: 0.02, to: 0.2, log: true },
      min_child_samples: { kind: 'range', from: 5, to: 100, log: true, integer: true },
      subsample: { kind: 'range', from: 0.5, to: 1 },
      colsample_bytree: { kind: 'range', from: 0.3, to: 1 },
      lambda_l2: { kind: 'range', from: 0.001, to: 30, log: true },
      min_split_gain: { kind: 'range', from: 0.0001, to: 1, log: true },
    },
  },
  xgboost: {
    name: 'default',
    learner: 'xgboost',
    fixed: {},
    dimensions: {
      max_depth: { kind: 'range', from: 1, to: 10, integer: true },
      learning_rate: { kind: 'range', from: 0.02, to: 0.2, log: true },
      min_child_weight: { kind: 'range', from: 0.5, to: 30, log: true },
      subsample: { kind: 'range', from: 0.5, to: 1 },
      colsample_bytree: { kind: 'range', from: 0.3, to: 1 },
      reg_lambda: { kind: 'range', from: 0.01, to: 30, log: true },
      gamma: { kind: 'range', from: 0.001, to: 5, log: true },
    },
  },
};

export const SPACES = ['default', 'grid108', 'seven'] as const;
export type SpaceName = (typeof SPACES)[number];

/** The space of that name for a learner. Throws HF103 where the learner has none. */
export function spaceOf(name: SpaceName, learner: string): Space {
  const own = DEFAULTS[learner];
  if (own === undefined || (learner !== 'lightgbm' && learner !== 'xgboost'))
    throw new HoldfastError('HF103', {
      message: `there is no search space for the learner ${learner}`,
      hint: `choose one of: ${Object.keys(DEFAULTS).join(', ')}`,
      place: { field: 'learner' },
    });
  if (name === 'default') return own;
  return name === 'grid108' ? grid108(learner) : seven(learner);
}

/** All points of a space of choices, the last dimension turning first. Throws HF103 for a space with ranges. */
export function gridOf(space: Space): Point[] {
  let points: Point[] = [{}];
  for (const [name, dimension] of Object.entries(space.dimensions)) {
    if (dimension.kind === 'range')
      throw new HoldfastError('HF103', {
        message: `the space ${space.name} has ranges, of which there is no grid`,
        hint: 'use --space grid108 or --space seven, or --method random or tpe',
        place: { field: 'space' },
      });
    points = points.flatMap((point) => dimension.values.map((value) => ({ ...point, [name]: value })));
  }
  return points;
}

/** Places a part from 0 to 1 in a dimension. */
export function valueAt(dimension: Dimension, part: number): Value {
  if (dimension.kind === 'choice') {
    const index = Math.min(dimension.values.length - 1, Math.floor(part * dimension.values.length));
    return dimension.values[index] as Value;
  }
  const [from, to] = scaled(dimension);
  const value = from + part * (to - from);
  const real = dimension.log === true ? Math.exp(value) : value;
  const inside = Math.min(dimension.to, Math.max(dimension.from, real));
  // Six digits: more would only make parameters hard to read.
  return dimension.integer === true ? Math.round(inside) : Number(inside.toPrecision(6));
}

/** Where a value lies in a range, from 0 to 1 on its own scale. */
export function partOf(dimension: Extract<Dimension, { kind: 'range' }>, value: Value): number {
  const [from, to] = scaled(dimension);
  const at = dimension.log === true ? Math.log(Number(value)) : Number(value);
  return (at - from) / (to - from);
}

const scaled = ({ from, to, log }: Extract<Dimension, { kind: 'range' }>): [number, number] =>
  log === true ? [Math.log(from), Math.log(to)] : [from, to];
