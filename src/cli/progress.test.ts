import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { HoldfastError } from '../kernel/index.ts';
import { describeTask, openProgress } from './progress.ts';
import type { OutputStream } from './terminal.ts';

function collector(isTTY: boolean): { readonly stream: OutputStream; text(): string } {
  let text = '';
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString();
      done();
    },
  });
  return { stream: Object.assign(stream, { isTTY, columns: 100 }), text: () => text };
}

function progressOn(isTTY: boolean, options: { quiet?: boolean; environment?: Record<string, string> } = {}) {
  const stderr = collector(isTTY);
  const stdout = collector(isTTY);
  const interruption = new AbortController();
  const progress = openProgress({
    terminal: { stdout: stdout.stream, stderr: stderr.stream, environment: options.environment ?? {} },
    quiet: options.quiet ?? false,
    signal: interruption.signal,
  });
  return { progress, stderr, stdout, interruption };
}

describe('progress', () => {
  it('is plain lines in a pipe', () => {
    const { progress, stderr, stdout } = progressOn(false);
    const outer = progress.start('build silver.calls', { total: 100, unit: 'rows' });
    outer.update(50);
    progress.warn('3 rows dropped');
    progress.info('took 2 files');
    outer.done('100 rows');
    progress.close();
    expect(stderr.text()).toMatch(
      /^warning: 3 rows dropped\ntook 2 files\n✓ build silver\.calls: 100 rows, 0\.\d s\n$/,
    );
    expect(stdout.text()).toBe('');
  });

  it('is plain lines on a terminal without abilities', () => {
    const { progress, stderr } = progressOn(true, { environment: { TERM: 'dumb' } });
    progress.start('score', { total: 3 }).done();
    progress.close();
    expect(stderr.text()).toMatch(/^✓ score: 0\.\d s\n$/);
  });

  it('is a bar on a terminal, and no colours with NO_COLOR', () => {
    const { progress, stderr } = progressOn(true, { environment: { NO_COLOR: '1' } });
    const task = progress.start('score', { total: 4, unit: 'models' });
    task.update(1);
    task.done('4 models');
    progress.close();
    expect(stderr.text()).toContain('─');
    expect(stderr.text()).toContain('✓ score: 4 models');
    expect(stderr.text()).not.toContain('\u001b[3');
  });

  it('says nothing when quiet', () => {
    const { progress, stderr } = progressOn(true, { quiet: true });
    progress.start('score').done('4 models');
    progress.warn('something');
    progress.close();
    expect(stderr.text()).toBe('');
  });

  it('starts no task after an interruption', () => {
    const { progress, interruption } = progressOn(false);
    interruption.abort();
    expect(() => progress.start('train')).toThrow(HoldfastError);
    progress.close();
  });
});

describe('describeTask', () => {
  it('shows share, amount, rate and remaining time', () => {
    const task = { label: 'ingest', total: 2_000_000, unit: 'rows', done: 500_000, startedAt: 0 };
    expect(describeTask(task, 5000)).toBe('ingest  25 %  500k of 2.0M rows  100k rows/s  15 s left');
  });

  it('shows the time where the total is not known', () => {
    const task = { label: 'plan', total: undefined, unit: '', done: 0, startedAt: 0 };
    expect(describeTask(task, 5000)).toBe('plan  5.0 s');
  });

  it('shows a task that counts in percent once', () => {
    const task = { label: 'build', total: 100, unit: '%', done: 40, startedAt: 0 };
    expect(describeTask(task, 4000)).toBe('build  40 %  6.0 s left');
  });
});
