import type { EngineSnapshot, TickHistogram } from '../native/addon.js';
import { catalogue, type MetricName } from './catalogue.js';

interface Sample {
  readonly metricName: string;
  readonly labels: Record<string, string | number>;
  readonly value: number;
}

/**
 * A histogram that the engine has counted itself, in the shape that a prom-client registry reads. prom-client's own
 * histogram can only be observed into, value by value.
 */
export class NativeHistogram {
  readonly name: MetricName;
  readonly help: string;
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly #read: () => EngineSnapshot | undefined;
  readonly #select: (snapshot: EngineSnapshot) => readonly TickHistogram[];

  constructor(name: MetricName, read: () => EngineSnapshot | undefined, select: (snapshot: EngineSnapshot) => readonly TickHistogram[]) {
    this.name = name;
    this.help = catalogue[name].help;
    this.#read = read;
    this.#select = select;
  }

  async get(): Promise<{ name: string; help: string; type: string; aggregator: string; values: Sample[] }> {
    const snapshot = this.#read();
    const values = snapshot
      ? this.#select(snapshot).flatMap((histogram, worker) => this.#samples(histogram, worker, snapshot.bucketBoundsSeconds))
      : [];
    return { name: this.name, help: this.help, type: this.type, aggregator: this.aggregator, values };
  }

  reset(): void {}

  #samples(histogram: TickHistogram, worker: number, boundsSeconds: readonly number[]): Sample[] {
    let count = 0;
    const buckets = histogram.counts.map((inBucket, i) => {
      count += inBucket;
      const bound = boundsSeconds[i];
      const le = bound === undefined ? '+Inf' : Number(bound.toPrecision(6));
      return { metricName: `${this.name}_bucket`, labels: { worker, le }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${this.name}_sum`, labels: { worker }, value: histogram.sumSeconds },
      { metricName: `${this.name}_count`, labels: { worker }, value: count },
    ];
  }
}
