/**
 * Counters and histograms that cost a request next to nothing: plain numbers, which become metrics of Prometheus when
 * somebody reads them. The library's own look up their labels anew at each count.
 */
import type { Metric, Registry } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

interface Value {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName: string;
}

interface About {
  readonly name: string;
  readonly help: string;
}

/** Counts by labels, which are given once and kept under a key. */
export class Tally {
  readonly #counts = new Map<string, { readonly labels: Labels; count: number }>();

  constructor(registry: Registry, about: About) {
    register(registry, about, 'counter', () =>
      [...this.#counts.values()].map(({ labels, count }) => ({
        labels,
        value: count,
        metricName: about.name,
      })),
    );
  }

  add(key: string, labelsOf: (key: string) => Labels): void {
    const known = this.#counts.get(key);
    if (known === undefined) this.#counts.set(key, { labels: labelsOf(key), count: 1 });
    else known.count += 1;
  }
}

interface Spread {
  readonly labels: Labels;
  /** Values a bucket, and beyond the last one. */
  readonly counts: Float64Array;
  sum: number;
}

/** Counts of values by bucket and labels; the buckets' upper ends ascend. */
export class Histogram {
  readonly #spreads = new Map<string, Spread>();
  readonly #ends: readonly number[];

  constructor(registry: Registry, { buckets, ...about }: About & { readonly buckets: readonly number[] }) {
    this.#ends = buckets;
    register(registry, about, 'histogram', () =>
      [...this.#spreads.values()].flatMap((spread) => valuesOf(about.name, buckets, spread)),
    );
  }

  observe(key: string, value: number, labelsOf: (key: string) => Labels): void {
    let spread = this.#spreads.get(key);
    if (spread === undefined) {
      spread = { labels: labelsOf(key), counts: new Float64Array(this.#ends.length + 1), sum: 0 };
      this.#spreads.set(key, spread);
    }
    let bucket = 0;
    while (bucket < this.#ends.length && value > (this.#ends[bucket] as number)) bucket += 1;
    spread.counts[bucket] = (spread.counts[bucket] as number) + 1;
    spread.sum += value;
  }
}

function valuesOf(name: string, ends: readonly number[], { labels, counts, sum }: Spread): Value[] {
  let below = 0;
  const buckets = [...ends, '+Inf'].map((le, index) => {
    below += counts[index] as number;
    return { labels: { le, ...labels }, value: below, metricName: `${name}_bucket` };
  });
  return [
    ...buckets,
    { labels, value: sum, metricName: `${name}_sum` },
    { labels, value: below, metricName: `${name}_count` },
  ];
}

function register(registry: Registry, about: About, type: string, values: () => Value[]): void {
  const metric = {
    ...about,
    type,
    aggregator: 'sum',
    get: () => Promise.resolve({ ...about, type, values: values() }),
  };
  registry.registerMetric(metric as unknown as Metric);
}
