/** Looks for other models and newer features when it is asked to, and says in the log what came of it. */
import type { ReloadOutcome, ScoringService } from '../workflow/index.ts';
import type { ServerLog } from './settings.ts';

/** Who asked: the clock, a request, or a signal. What the clock finds unchanged is not logged. */
export type AskedBy = 'clock' | 'request' | 'signal';

export interface Reloader {
  /** One after the other; who asks while another one waits to begin gets the outcome of that one. */
  reload(askedBy: AskedBy): Promise<ReloadOutcome>;
}

export function openReloader(service: Pick<ScoringService, 'reload'>, log: ServerLog): Reloader {
  let running: Promise<unknown> = Promise.resolve();
  let waiting: Promise<ReloadOutcome> | undefined;
  const begin = async (askedBy: AskedBy): Promise<ReloadOutcome> => {
    await running;
    waiting = undefined;
    const work = service.reload();
    running = work.catch(() => undefined);
    const outcome = await work;
    tell(outcome, askedBy, log);
    return outcome;
  };
  return {
    reload(askedBy) {
      waiting ??= begin(askedBy);
      return waiting;
    },
  };
}

function tell({ outcome, reason, set, challenger }: ReloadOutcome, askedBy: AskedBy, log: ServerLog): void {
  const facts = { asked_by: askedBy, model_set: set?.id };
  if (outcome === 'loaded') log.info(facts, 'another model set answers, or newer features');
  else if (outcome === 'refused') log.warn({ ...facts, reason }, 'a model set was refused');
  else if (askedBy !== 'clock') log.info(facts, 'there is nothing newer to load');
  if (challenger === undefined) return;
  const about = { asked_by: askedBy, challenger: challenger.set?.id, reason: challenger.reason };
  if (challenger.outcome === 'loaded') log.info(about, 'another challenger was loaded');
  else if (challenger.outcome === 'refused')
    log.warn(about, 'there is no challenger: the champion answers all');
}
