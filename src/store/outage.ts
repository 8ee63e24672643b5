/** Something outside that may be away: said once when it goes and once when it is back, not at every try. */

/** What these rooms say to whoever runs the process; pino is one. */
export interface StoreLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

export interface Outage {
  readonly isOn: boolean;
  /** Says so where it was not known. */
  began(reason: string): void;
  /** Says so where there was one. */
  ended(): void;
}

export function openOutage(
  log: StoreLog,
  { began, ended }: { readonly began: string; readonly ended: string },
): Outage {
  let isOn = false;
  return {
    get isOn() {
      return isOn;
    },
    began(reason) {
      if (isOn) return;
      isOn = true;
      log.warn({ reason }, began);
    },
    ended() {
      if (!isOn) return;
      isOn = false;
      log.info({}, ended);
    },
  };
}

/** The words of an error; some network errors have a code alone. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
}
