/** SIGHUP for a service: by custom it asks a server to look again at what it was started with, and does not end it. */
export interface Hangups extends Disposable {
  /** Calls this at every signal from now on, and gives back what ends that. */
  use(ask: () => void): () => void;
}

/** Listens from now on; what comes before somebody uses it has nothing to tell, since all is being loaded anyway. */
export function listenForHangups(): Hangups {
  let ask: (() => void) | undefined;
  const onSignal = (): void => {
    ask?.();
  };
  process.on('SIGHUP', onSignal);
  return {
    use(work) {
      ask = work;
      return () => {
        ask = undefined;
      };
    },
    [Symbol.dispose]: () => {
      process.off('SIGHUP', onSignal);
    },
  };
}
