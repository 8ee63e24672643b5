/** What the models would say of features that somebody thought up; nothing is recorded. */
import { SCORES_TABLE } from '../../decide/index.ts';
import { newestScores, scoreRowsOf, type WhatIf, type WhatIfStart } from '../../desk/index.ts';
import { textOf, type Value } from '../../engine/index.ts';
import { HoldfastError } from '../../kernel/index.ts';
import type { Pack } from '../../pack/index.ts';
import type { RequestValue } from '../serving/service.ts';
import { shownContributions } from './contributions.ts';
import { scoredFeatures, unknownEntity } from './customer-page.ts';
import type { PageParts } from './page-parts.ts';

/** HF504 with the feature's name for a value that does not fit, HF602 where no models are loaded. */
export function whatIf(
  { service, pack }: Pick<PageParts, 'service' | 'pack'>,
  features: Readonly<Record<string, RequestValue>>,
): WhatIf {
  const answer = service.score({ entityId: 'what-if', features }, { explain: true, isApart: true });
  return {
    probabilities: answer.horizons.map(({ days, probability, riskScore, riskDecile }) => ({
      days,
      probability,
      risk_score: riskScore,
      decile: riskDecile,
    })),
    tier: answer.tier,
    action: answer.action,
    owner: answer.owner,
    sla: answer.sla,
    reasons: answer.reasons.map(({ text }) => text),
    contributions: shownContributions(pack, answer, (name) => features[name] ?? null),
    unseen_categories: [...answer.unseenCategories],
  };
}

/** The row of an entity. HF602 before anything was scored, HF603 for an id that the newest scores do not hold. */
export async function whatIfFrom(parts: PageParts, id: string): Promise<WhatIfStart> {
  const { pack, views, engine } = parts;
  const { scores, newest } = await scored(parts);
  const rows = await scoreRowsOf(engine, scores, pack.file.entity.key, id);
  const own = rows.find((row) => row['day'] === newest.day);
  const features = own && (await scoredFeatures(parts, own, { entity: id, day: newest.day }));
  if (features === undefined) throw unknownEntity(pack, id);
  const { fields } = (await views.newest(pack.file.features.table))?.snapshot ?? { fields: [] };
  const there = new Set(fields.map(({ name }) => name));
  return {
    id,
    as_of: newest.day,
    features: Object.fromEntries(
      Object.entries(pack.features)
        .filter(([name]) => there.has(name))
        .map(([name, { type }]) => [name, requestValue(type, features[name])]),
    ),
  };
}

/** A row that cannot be traced to anybody. `pick` chooses the id; HF603 where it finds none. */
export async function whatIfAnywhere(
  parts: PageParts,
  pick: () => Promise<string | null>,
): Promise<WhatIfStart> {
  const id = await pick();
  if (id === null)
    throw new HoldfastError('HF603', {
      message: `the filters leave no ${parts.pack.file.entity.name} to begin with`,
      hint: 'reset a filter',
    });
  return { ...(await whatIfFrom(parts, id)), id: null };
}

async function scored({ views, engine }: PageParts) {
  const scores = await views.newest(SCORES_TABLE);
  const newest = scores && (await newestScores(engine, scores));
  if (scores !== undefined && newest !== undefined) return { scores, newest };
  throw new HoldfastError('HF602', {
    message: 'nothing was scored yet',
    hint: 'run the main job first: holdfast run',
  });
}

/** As a request gives it. */
function requestValue(type: Pack['features'][string]['type'], value: Value | undefined): RequestValue {
  if (value === null || value === undefined) return null;
  return type === 'numeric' ? Number(value) : textOf(value);
}
