/** Receives what a long step has to say; the command line renders it. */
export interface Progress {
  /** Starts a task. `total` is in `unit`s where it is known beforehand. */
  start(label: string, options?: { readonly total?: number; readonly unit?: string }): ProgressTask;
  /** A finding the user should know about: something dropped, left out, cast to NULL. */
  warn(message: string): void;
  /** A plain line of talk. */
  info(message: string): void;
}

export interface ProgressTask {
  /** Sets how far the task is, in the task's unit. */
  update(done: number): void;
  /** Ends the task with a short result such as `20,000 rows`. */
  done(result?: string): void;
}

const silentTask: ProgressTask = { update: () => undefined, done: () => undefined };

/** Says nothing; the default of every capability. */
export const silentProgress: Progress = {
  start: () => silentTask,
  warn: () => undefined,
  info: () => undefined,
};
