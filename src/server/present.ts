/** Answers as clients read them: several horizons with a tier, or one horizon with a level. Pure. */
import type { ContributionAnswer, ScoringAnswer, ServedSet } from '../workflow/index.ts';

export interface Presentation {
  /** Name of the entity's key. */
  readonly idField: string;
  readonly requestId: string;
  readonly answeredAt: Date;
  readonly latencyMs: number;
}

/** From this calibrated probability on, leaving is more likely than staying. */
const LIKELY = 0.5;

/** The answer for one entity: of several horizons, or of one, as the model set has them. */
export function presentAnswer(answer: ScoringAnswer, by: Presentation): Record<string, unknown> {
  const [first] = answer.horizons;
  return first !== undefined && answer.horizons.length === 1
    ? ofOneHorizon(answer, first, by)
    : ofHorizons(answer, by);
}

function ofHorizons(answer: ScoringAnswer, by: Presentation): Record<string, unknown> {
  const predictions: Record<string, unknown> = {};
  for (const { days, probability, riskDecile, riskScore } of answer.horizons) {
    predictions[`${String(days)}d`] = {
      probability,
      risk_decile: riskDecile,
      risk_score: riskScore,
    };
  }
  return {
    [by.idField]: answer.entityId,
    predictions,
    risk_tier: answer.tier,
    action: answer.action,
    owner: answer.owner,
    sla: answer.sla,
    ...facts(answer),
    scored_at: secondsOf(by.answeredAt),
    request_id: by.requestId,
  };
}

function ofOneHorizon(
  answer: ScoringAnswer,
  { probability, riskScore, riskDecile }: ScoringAnswer['horizons'][number],
  by: Presentation,
): Record<string, unknown> {
  return {
    [by.idField]: answer.entityId,
    churn_probability: probability,
    will_churn: probability >= LIKELY,
    risk_level: answer.tier,
    risk_score: riskScore,
    risk_decile: riskDecile,
    recommendation: answer.action,
    ...facts(answer),
    timestamp: secondsOf(by.answeredAt),
    latency_ms: Math.round(by.latencyMs * 1000) / 1000,
    request_id: by.requestId,
  };
}

/** What both forms say beyond the scores. */
function facts(answer: ScoringAnswer): Record<string, unknown> {
  const { reasons, contributions, unseenCategories, featuresAsOf, unreadFields, answeredBy, modelSet } =
    answer;
  return {
    reasons: reasons.map(({ text }) => text),
    ...(contributions === undefined ? {} : { contributions: contributions.map(contributionOf) }),
    ...(unseenCategories.length === 0 ? {} : { unseen_categories: unseenCategories }),
    // Where two sets are at work, each answer says whose it is.
    ...(answeredBy === undefined ? {} : { model_set: modelSet }),
    ...(unreadFields === undefined ? {} : { unread_fields: unreadFields }),
    ...(featuresAsOf === undefined ? {} : { features_as_of: featuresAsOf }),
  };
}

function contributionOf({ horizonDays, base, features }: ContributionAnswer): Record<string, unknown> {
  return { horizon: `${String(horizonDays)}d`, base, features };
}

/** A set as `GET /model/info` shows it. */
export function presentSet(set: ServedSet): Record<string, unknown> {
  return {
    model_set: set.id,
    hash: set.hash,
    loaded_at: set.loadedAt,
    models: set.models.map(({ name, version, days, trees, loadSeconds }) => ({
      name,
      version,
      horizon: `${String(days)}d`,
      trees,
      load_seconds: loadSeconds,
    })),
    thresholds: set.tiers,
  };
}

const secondsOf = (instant: Date): string => `${instant.toISOString().slice(0, 19)}Z`;
