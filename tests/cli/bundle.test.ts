import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFile, workerFile } from '../../src/kernel/index.ts';

const folders = readdirSync(packageFile('src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => path.basename(file) === 'worker.ts')
  .map((file) => path.dirname(file).split(path.sep).join('/'));

describe('the bundle', () => {
  it('has a thread for each that the sources have, which are found compiled too', () => {
    expect(folders).toContain('workflow/serving');
    for (const folder of folders) {
      expect(existsSync(workerFile(folder)), folder).toBe(true);
      const bundled = packageFile('dist', 'bundle', `${folder.replaceAll('/', '-')}-worker.js`);
      expect(existsSync(bundled), bundled).toBe(true);
    }
  });

  it('brings the licences of the packages that are in it, and none of those outside', () => {
    const licences = readFileSync(packageFile('dist', 'bundle', 'LICENCES.txt'), 'utf8');
    for (const name of ['commander', 'fastify', 'yaml', 'zod'])
      expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
    expect(licences).not.toMatch(/^(koffi|@duckdb\/\S+) \d/m);
  });

  it('asks for no package by a path of its own, which only this machine would have', () => {
    const folder = packageFile('dist', 'bundle');
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.js')))
      expect(readFileSync(path.join(folder, file), 'utf8'), file).not.toMatch(
        /(?:from|import\(|require\()\s*["'](?:\/|file:)/,
      );
  });
});
