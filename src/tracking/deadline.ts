/** How long an exchange may take: silence ends it, and so does a body that only trickles. */

/** A transfer slower than this, once `timeoutMs` are over, is given up. */
const LEAST_BYTES_A_SECOND = 16 * 1024;

export interface Deadline extends Disposable {
  /** Aborted when the time is over or the caller gave up. */
  readonly signal: AbortSignal;
  /** Whether it was time that ended the exchange. */
  readonly isOver: () => boolean;
  /** So many bytes more went over the wire: silence is counted anew. */
  moved(bytes: number): void;
}

/** Starts the clock of one exchange. `outer` is the caller's own signal. */
export function startDeadline(timeoutMs: number, outer: AbortSignal | undefined): Deadline {
  const controller = new AbortController();
  const startedAt = performance.now();
  let isOver = false;
  let bytesMoved = 0;
  const end = (): void => {
    isOver = true;
    controller.abort();
  };
  const stop = (): void => {
    controller.abort();
  };
  const timer = setTimeout(end, timeoutMs);
  if (outer?.aborted === true) stop();
  outer?.addEventListener('abort', stop, { once: true });
  return {
    signal: controller.signal,
    isOver: () => isOver,
    moved(bytes) {
      bytesMoved += bytes;
      const allowed = timeoutMs + (bytesMoved / LEAST_BYTES_A_SECOND) * 1000;
      if (performance.now() - startedAt > allowed) end();
      else timer.refresh();
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      outer?.removeEventListener('abort', stop);
    },
  };
}
