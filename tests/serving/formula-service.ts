/**
 * A scoring service whose scores are a formula, for what the door does alone: the features are the contract of a pack,
 * three horizons or one, and every answer can be worked out by hand. The service over models has suites of its own.
 */
import { HoldfastError } from '../../src/kernel/index.ts';
import { loadPack } from '../../src/pack/index.ts';
import type {
  RawReader,
  RequestFeature,
  ScoringAnswer,
  ScoringRequest,
  ScoringService,
  ServedSet,
} from '../../src/workflow/index.ts';

export interface FormulaService extends ScoringService {
  set: ServedSet | null;
  notReadyReason: string | null;
  features: readonly RequestFeature[];
  /** Entities that can be looked up. */
  readonly known: Set<string>;
  /** Absent where a test does not give it. */
  raw?: RawReader;
  /** Makes every score take so long, in milliseconds of the processor. */
  costMs: number;
}

export interface FormulaOptions {
  readonly pack: string;
  readonly horizons: readonly number[];
  readonly idField?: string;
}

/** A served set of so many horizons. */
export function servedSet(horizons: readonly number[], id = 1): ServedSet {
  return {
    id,
    hash: `hash-${String(id)}`,
    loadedAt: '2024-09-15T12:00:00.000Z',
    models: horizons.map((days) => ({
      name: `churn_model_${String(days)}d`,
      version: 1,
      days,
      trees: 40,
      loadSeconds: 0.01,
    })),
    tiers: { basis: 'risk_score', ladder: [{ name: 'RED' }, { name: 'AMBER' }], otherwise: 'GREEN' },
  };
}

export async function formulaService({
  pack,
  horizons,
  idField = 'customer_id',
}: FormulaOptions): Promise<FormulaService> {
  const { features: contract } = await loadPack(pack);
  const features: RequestFeature[] = Object.entries(contract).map(([name, feature]) => ({
    name,
    type: feature.type,
    isInteger: /count|days|months|stage/.test(feature.unit ?? ''),
    ...(feature.range === undefined ? {} : { range: feature.range }),
    ...(feature.unit === undefined ? {} : { unit: feature.unit }),
    label: feature.label,
    isNullable: feature.nullable,
    categories: feature.type === 'categorical' ? ['one', 'two'] : [],
  }));
  const service: FormulaService = {
    set: servedSet(horizons),
    notReadyReason: null,
    idField,
    features,
    known: new Set(['CUST_00001']),
    costMs: 0,
    score: (request, options) => answerOf(service, horizons, request, options?.explain === true),
    reload: () => Promise.resolve({ outcome: 'unchanged', set: service.set }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return service;
}

function answerOf(
  service: FormulaService,
  horizons: readonly number[],
  { entityId, features }: ScoringRequest,
  isExplained: boolean,
): ScoringAnswer {
  const { set } = service;
  if (set === null) throw new HoldfastError('HF602', { message: 'nothing is loaded' });
  if (features === undefined && !service.known.has(entityId)) {
    throw new HoldfastError('HF603', {
      message: 'the key is in no snapshot',
      hint: 'send all features',
      place: { field: service.idField },
    });
  }
  const until = performance.now() + service.costMs;
  while (performance.now() < until);
  const numbers = Object.values(features ?? {}).filter((value) => typeof value === 'number');
  const base = 1 / (1 + Math.exp(-numbers.length / 100));
  return {
    entityId,
    horizons: horizons.map((days, index) => ({
      days,
      probability: (base * (index + 1)) / (horizons.length + 1),
      riskDecile: 4 + index,
      riskScore: base,
    })),
    tier: entityId.startsWith('RED') ? 'RED' : 'GREEN',
    action: 'Call',
    owner: 'Somebody',
    sla: '24 hours',
    reasons: [{ text: 'Called twice', driver: 'calls', horizonDays: 30 }],
    ...(isExplained ? { contributions: [{ horizonDays: 30, base: -1, features: { calls: 0.5 } }] } : {}),
    unseenCategories: service.features
      .filter(({ name, type, categories }) => {
        const value = features?.[name];
        return type === 'categorical' && typeof value === 'string' && !categories.includes(value);
      })
      .map(({ name }) => name),
    ...(features === undefined ? { featuresAsOf: '2024-09-01' } : {}),
    modelSet: set.id,
    modelSetHash: set.hash,
  };
}
