import { collectDefaultMetrics, Counter, type CounterConfiguration, Gauge, type GaugeConfiguration, Histogram, type HistogramConfiguration, Registry } from 'prom-client';

const PREFIX = 'muster_';

/** From a millisecond, the best case of one hop, to the longest that a request is waited for. */
export const LATENCY_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** `collect` sets the gauge whenever somebody looks. */
type GaugeOptions<L extends string> = Omit<GaugeConfiguration<L>, 'registers' | 'collect'> & { readonly collect?: (gauge: Gauge<L>) => void };

/** Makes metrics and renders them for Prometheus. Names begin with `muster_` and end with their unit, or `_total`. */
export interface Metrics {
  counter<L extends string = never>(options: Omit<CounterConfiguration<L>, 'registers'>): Counter<L>;
  gauge<L extends string = never>(options: GaugeOptions<L>): Gauge<L>;
  histogram<L extends string = never>(options: Omit<HistogramConfiguration<L>, 'registers'>): Histogram<L>;
  render(): Promise<string>;
  readonly contentType: string;
}

function checked<O extends { readonly name: string }>(options: O): O {
  if (!options.name.startsWith(PREFIX)) throw new Error(`the metric ${options.name} must begin with ${PREFIX}`);
  return options;
}

function createGauge<L extends string>({ collect, ...options }: GaugeOptions<L>, registers: Registry[]): Gauge<L> {
  const gauge: Gauge<L> = new Gauge<L>({ ...options, registers, ...(collect === undefined ? {} : { collect: () => collect(gauge) }) });
  return gauge;
}

/** One registry for a service, with Node's own measurements in it. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: PREFIX });
  new Gauge({ name: 'muster_service_info', help: 'Which service this is.', labelNames: ['service'], registers }).set({ service }, 1);
  return {
    counter: (options) => new Counter({ ...checked(options), registers }),
    gauge: (options) => createGauge(checked(options), registers),
    histogram: (options) => new Histogram({ buckets: LATENCY_BUCKETS_SECONDS, ...checked(options), registers }),
    render: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
