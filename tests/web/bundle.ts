/** What the browser loads of `dist/web`, by its size on the line. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../cli/holdfast.ts';

const BUILT = path.join(ROOT, 'dist/web');
const ASSETS = path.join(BUILT, 'assets');

const textOf = (name: string): string => readFileSync(path.join(ASSETS, name), 'utf8');
const kilobytesOf = (names: Iterable<string>): number =>
  [...names].reduce((sum, name) => sum + gzipSync(textOf(name), { level: 9 }).length, 0) / 1000;

/** Scripts that a script loads before it runs. */
function importsOf(name: string): string[] {
  const text = textOf(name);
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([\w.-]+\.js)["']/g)].map(
    ([, found]) => found ?? '',
  );
}

/** A script with all that it loads before it runs. */
function closure(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  for (const next of importsOf(name)) closure(next, found);
  return found;
}

export interface Bundle {
  /** Gzip KB of the first script and all that it loads before it runs. */
  readonly entry: number;
  /** Gzip KB by page, without what the entry has loaded and without the charts. */
  readonly pages: Readonly<Record<string, number>>;
  /** Gzip KB of what draws charts, which pages share. */
  readonly charts: number;
  readonly styles: number;
}

/** Reads what was built; throws where nothing was. */
export function readBundle(): Bundle {
  const html = readFileSync(path.join(BUILT, 'index.html'), 'utf8');
  const start = /<script[^>]*src="\/app\/assets\/([^"]+)"/.exec(html)?.[1];
  if (start === undefined) throw new Error('the built page loads no script');
  const names = readdirSync(ASSETS);
  const entry = closure(start);
  const pages = names.filter((name) => /-page-[\w-]+\.js$/.test(name));
  // The charts are known by a class name that their library gives to what it draws.
  const lazy = new Set(pages.flatMap((page) => [...closure(page)]).filter((name) => !entry.has(name)));
  const charts = [...lazy].filter((name) => !pages.includes(name) && textOf(name).includes('recharts-'));
  return {
    entry: kilobytesOf(entry),
    pages: Object.fromEntries(
      pages.map((page) => [
        page.replace(/-page-.*$/, ''),
        kilobytesOf([...closure(page)].filter((name) => !entry.has(name) && !charts.includes(name))),
      ]),
    ),
    charts: kilobytesOf(charts),
    styles: kilobytesOf(names.filter((name) => name.endsWith('.css'))),
  };
}
