import type { FastifyInstance } from 'fastify';
import { HoldfastError } from '../../kernel/index.ts';
import type { ReloadOutcome } from '../../workflow/index.ts';
import { misfit } from '../error-shape.ts';
import { presentChallengerOutcome } from '../present-challenger.ts';
import { readSwitches } from '../query.ts';
import { described } from '../route-schema.ts';
import type { RouteParts } from '../route-parts.ts';

/** `POST /admin/reload`: takes over another champion and newer features now, and answers when that is done. */
export function registerAdminReload(app: FastifyInstance, { reloader }: RouteParts): void {
  const schema = described(
    'Reload',
    'Takes no body, or {}. Loads the champion and the newest features of now where they are others than those in memory. No request is dropped; what does not pass its checks is refused with 409, and what answered before goes on answering.',
    { answer: 'Reload', errors: [400, 401, 403, 408, 409, 413, 415, 422, 429] },
  );
  app.post('/admin/reload', { schema }, async (request, reply) => {
    readSwitches(request.query, {});
    requireNothing(request.body);
    const outcome = await reloader.reload('request');
    if (outcome.set !== null) reply.header('x-model-set', String(outcome.set.id));
    if (outcome.outcome === 'refused') throw refused(outcome);
    return reply.header('cache-control', 'no-store').send({
      outcome: outcome.outcome,
      model_set: outcome.set?.id ?? null,
      hash: outcome.set?.hash ?? null,
      loaded_at: outcome.set?.loadedAt ?? null,
      ...(outcome.challenger === undefined
        ? {}
        : { challenger: presentChallengerOutcome(outcome.challenger) }),
      request_id: request.id,
    });
  });
}

/** There is nothing to be said with the request: who says something believes that it has an effect. */
function requireNothing(body: unknown): void {
  if (body === undefined || body === null) return;
  const [name] = typeof body === 'object' && !Array.isArray(body) ? Object.keys(body) : [''];
  if (name !== undefined) throw misfit(name, 'the request takes no fields', 'send it without a body');
}

function refused({ reason = '', set }: ReloadOutcome): HoldfastError {
  const answers =
    set === null ? 'nothing answers until that is mended' : `set ${String(set.id)} goes on answering`;
  return new HoldfastError('HF622', {
    message: `what is to be loaded was refused: ${reason}; ${answers}`,
    hint: 'mend what the message names, or go back: holdfast models rollback; then reload again',
  });
}
