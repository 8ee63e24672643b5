/** How long work is told on standard error: bars on a terminal, plain lines in a pipe, nothing when quiet. */
import { type Options, SingleBar } from 'cli-progress';
import { HoldfastError, silentProgress, type Progress, type ProgressTask } from '../kernel/index.ts';
import { formatCount, formatDuration } from './format.ts';
import { isInteractive, paintFor, type Paint, type Terminal } from './terminal.ts';

/** A progress that holds the terminal and must give it back before anything else is written. */
export interface TerminalProgress extends Progress {
  /** Clears what is drawn and drops tasks that were not ended. */
  close(): void;
}

export interface ProgressOptions {
  readonly terminal: Terminal;
  readonly quiet: boolean;
  /** Once aborted, no further task starts: `start` throws HF930, so that work ends between two tasks. */
  readonly signal: AbortSignal;
}

/** The progress that fits the terminal. */
export function openProgress({ terminal, quiet, signal }: ProgressOptions): TerminalProgress {
  const inner = quiet ? quietProgress() : new StderrProgress(terminal);
  return {
    start: (label, options) => {
      throwIfInterrupted(signal);
      return inner.start(label, options);
    },
    warn: (message) => {
      inner.warn(message);
    },
    info: (message) => {
      inner.info(message);
    },
    close: () => {
      inner.close();
    },
  };
}

/** Throws HF930 once the user has interrupted. */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new HoldfastError('HF930', {
    message: 'interrupted',
    hint: 'what was committed stays; run the command again to go on',
  });
}

function quietProgress(): TerminalProgress {
  return { ...silentProgress, close: () => undefined };
}

interface Task {
  readonly label: string;
  readonly total: number | undefined;
  readonly unit: string;
  readonly startedAt: number;
  done: number;
  lastLineAt: number;
}

/** In a pipe a long task says how far it is so often, in milliseconds. */
const LINE_EVERY_MS = 10_000;
const BAR_WIDTH = 24;

class StderrProgress implements TerminalProgress {
  readonly #terminal: Terminal;
  readonly #paint: Paint;
  readonly #hasBars: boolean;
  /** Tasks under way, the innermost last; only that one is drawn. */
  readonly #tasks: Task[] = [];
  #bar: SingleBar | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#paint = paintFor(terminal.stderr, terminal.environment);
    this.#hasBars = isInteractive(terminal.stderr, terminal.environment);
  }

  start(label: string, options: { readonly total?: number; readonly unit?: string } = {}): ProgressTask {
    const now = performance.now();
    const task: Task = {
      label,
      total: options.total,
      unit: options.unit ?? '',
      startedAt: now,
      done: 0,
      lastLineAt: now,
    };
    this.#clear();
    this.#tasks.push(task);
    this.#draw();
    return {
      update: (done) => {
        task.done = done;
        if (this.#tasks.at(-1) === task) this.#bar?.update(done);
        this.#sayHowFar(task);
      },
      done: (result) => {
        this.#end(task, result);
      },
    };
  }

  warn(message: string): void {
    this.#line(`${this.#paint('yellow', 'warning:')} ${message}`);
  }

  info(message: string): void {
    this.#line(message);
  }

  close(): void {
    this.#clear();
    this.#tasks.length = 0;
  }

  #end(task: Task, result: string | undefined): void {
    const index = this.#tasks.indexOf(task);
    if (index < 0) return;
    this.#tasks.splice(index, 1);
    const seconds = (performance.now() - task.startedAt) / 1000;
    const facts = [result, formatDuration(seconds)].filter((part) => part !== undefined && part !== '');
    this.#line(`${this.#paint('green', '✓')} ${task.label}: ${facts.join(', ')}`);
  }

  #line(text: string): void {
    this.#clear();
    this.#terminal.stderr.write(`${text}\n`);
    this.#draw();
  }

  #sayHowFar(task: Task): void {
    const now = performance.now();
    if (this.#hasBars || now - task.lastLineAt < LINE_EVERY_MS) return;
    task.lastLineAt = now;
    this.#terminal.stderr.write(`  ${describeTask(task, now)}\n`);
  }

  #draw(): void {
    const task = this.#tasks.at(-1);
    if (!this.#hasBars || task === undefined) return;
    const options: Options = {
      stream: this.#terminal.stderr,
      clearOnComplete: true,
      hideCursor: true,
      linewrap: false,
      gracefulExit: false,
      format: () => {
        const bar =
          task.total === undefined ? '' : `${this.#paint('cyan', drawBar(task.done / task.total))}  `;
        return `  ${bar}${describeTask(task, performance.now())}`;
      },
    };
    this.#bar = new SingleBar(options);
    this.#bar.start(task.total ?? 1, task.done);
  }

  #clear(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }
}

/** `label  45 %  1.2M of 2.6M rows  350k rows/s  12 s left`, with what is known of it. */
export function describeTask(
  task: Pick<Task, 'label' | 'total' | 'unit' | 'done' | 'startedAt'>,
  now: number,
): string {
  const seconds = (now - task.startedAt) / 1000;
  const rate = seconds > 0 ? task.done / seconds : 0;
  // A task counted in percent has its share said already.
  const unit = task.unit === '' || task.unit === '%' ? '' : ` ${task.unit}`;
  const parts = [task.label];
  if (task.total !== undefined && task.total > 0) {
    const share = Math.min(1, task.done / task.total);
    parts.push(`${Math.floor(share * 100)} %`);
    if (unit !== '') parts.push(`${formatCount(task.done)} of ${formatCount(task.total)}${unit}`);
    if (unit !== '' && rate > 0) parts.push(`${formatCount(rate)}${unit}/s`);
    if (share > 0 && share < 1) parts.push(`${formatDuration((seconds * (1 - share)) / share)} left`);
  } else {
    if (task.done > 0) parts.push(`${formatCount(task.done)}${unit}`, `${formatCount(rate)}${unit}/s`);
    parts.push(formatDuration(seconds));
  }
  return parts.join('  ');
}

function drawBar(share: number): string {
  const filled = Math.round(Math.max(0, Math.min(1, share)) * BAR_WIDTH);
  return '━'.repeat(filled) + '─'.repeat(BAR_WIDTH - filled);
}
