/** The current time, handed in so that nothing reads the machine's clock by itself. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands still, for tests and for reproducing a run. */
export function fixedClock(instant: string | Date): Clock {
  const time = new Date(instant);
  return { now: () => new Date(time) };
}
