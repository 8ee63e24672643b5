/**
 * What Prometheus reads. Labels only ever hold routes, methods, statuses, horizons and tiers, of which there are few;
 * nothing that a request says becomes one.
 */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { openServiceMetrics, type ServiceMetrics } from './service-metrics.ts';
import type { ScoringAnswer } from '../workflow/index.ts';
import type { ServerParts } from './settings.ts';
import { registerStoreMetrics } from './store-metrics.ts';

export interface ServerMetrics extends ServiceMetrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** A request that was answered; `endpoint` is the route, not the path. */
  request(method: string, endpoint: string, status: number, seconds: number): void;
  /** A row that was scored; `seconds` from asking for the scores to having them. */
  prediction(answer: ScoringAnswer, seconds: number): void;
  /** Features that were looked up by a key: found in memory, or not there. */
  lookup(isFound: boolean): void;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);
const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5];
const PREDICTION_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/** Metrics of one server, in a registry of their own. */
export function openMetrics({
  service,
  stores,
  recorder,
}: Pick<ServerParts, 'service' | 'stores' | 'recorder'>): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'churn_api_requests_total',
    help: 'Requests answered',
    labelNames: ['method', 'endpoint', 'status'],
    registers,
  });
  const durations = new Histogram({
    name: 'churn_api_request_duration_seconds',
    help: 'Time from the first byte of a request to the last of its answer',
    labelNames: ['method', 'endpoint'],
    buckets: REQUEST_BUCKETS,
    registers,
  });
  const byHorizon = new Counter({
    name: 'churn_api_predictions_total',
    help: 'Predictions made, by horizon',
    labelNames: ['horizon'],
    registers,
  });
  const byTier = new Counter({
    name: 'churn_api_risk_tier_total',
    help: 'Rows scored, by tier',
    labelNames: ['tier'],
    registers,
  });
  const byLevel = new Counter({
    name: 'churn_predictions_total',
    help: 'Rows scored, by risk level, which is the tier',
    labelNames: ['risk_level'],
    registers,
  });
  const latency = new Histogram({
    name: 'churn_prediction_latency_seconds',
    help: 'Time to score one row',
    buckets: PREDICTION_BUCKETS,
    registers,
  });
  const lookups = new Counter({
    name: 'churn_feature_lookups_total',
    help: 'Rows asked for by key, by whether the key is in the snapshot',
    labelNames: ['result'],
    registers,
  });
  registerStoreMetrics(registers, stores, recorder);
  new Gauge({
    name: 'churn_api_models_loaded',
    help: 'Models that answer',
    registers,
    collect() {
      this.set(service.set?.models.length ?? 0);
    },
  });
  new Gauge({
    name: 'churn_api_model_load_duration_seconds',
    help: 'Time that loading the model took',
    labelNames: ['horizon'],
    registers,
    collect() {
      this.reset();
      for (const { days, loadSeconds } of service.set?.models ?? []) {
        this.set({ horizon: `${String(days)}d` }, loadSeconds);
      }
    },
  });
  const ofService = openServiceMetrics(registry);
  return {
    ...ofService,
    contentType: registry.contentType,
    text: () => registry.metrics(),
    request(method, endpoint, status, seconds) {
      const known = METHODS.has(method) ? method : 'other';
      requests.inc({ method: known, endpoint, status: String(status) });
      durations.observe({ method: known, endpoint }, seconds);
    },
    prediction(answer, seconds) {
      const { horizons, tier } = answer;
      ofService.answered(answer);
      for (const { days } of horizons) byHorizon.inc({ horizon: `${String(days)}d` });
      byTier.inc({ tier });
      byLevel.inc({ risk_level: tier });
      latency.observe(seconds);
    },
    lookup(isFound) {
      lookups.inc({ result: isFound ? 'found' : 'unknown' });
    },
  };
}
