/**
 * Bundles the compiled program with the packages it is made of: `dist/bundle` from `dist`. A start then reads some dozen
 * files in place of a thousand, which is most of what a start costs. What is loaded late stays in files of its own.
 *
 *   node tools/bundle.mjs
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { filesBelow, inRoot } from './tool-support.mjs';

const COMPILED = inRoot('dist');
const BUNDLE = path.join(COMPILED, 'bundle');
/** The licences of the packages that are part of the bundle ask to go with it. */
const LICENCES = path.join(BUNDLE, 'LICENCES.txt');

/** Packages that stay outside: with native parts or files of their own, or seldom needed and large. */
const OUTSIDE = [
  '@duckdb/*',
  '@fastify/swagger-ui',
  '@observablehq/plot',
  'iovalkey',
  'koffi',
  'linkedom',
  'pg',
];
/** Packages in the older form of modules ask for those of Node by `require`. */
const REQUIRE = [
  "import { createRequire as createBundleRequire } from 'node:module';",
  'const require = createBundleRequire(import.meta.url);',
].join('\n');

/** By the name of the file in the bundle, as `workerFile` in the kernel has it. */
function entryPoints() {
  const workers = filesBelow(COMPILED)
    .filter((file) => path.basename(file) === 'worker.js' && !file.startsWith(BUNDLE))
    .map((file) => {
      const folder = path.relative(COMPILED, path.dirname(file));
      return [`${folder.split(path.sep).join('-')}-worker`, file];
    });
  return { main: path.join(COMPILED, 'cli', 'main.js'), ...Object.fromEntries(workers) };
}

/** The licence texts of all packages that files came from. */
function licencesOf(files) {
  const folders = files.flatMap(
    (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file.split(path.sep).join('/')) ?? [],
  );
  const texts = [...new Set(folders)].sort().map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(inRoot(folder, 'package.json'), 'utf8'));
    const own = readdirSync(inRoot(folder)).find((file) => /^licen[cs]e/i.test(file));
    const text = own === undefined ? '' : readFileSync(inRoot(folder, own), 'utf8').trim();
    return `${name} ${version} (${license})\n\n${text}`.trim();
  });
  return `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

rmSync(BUNDLE, { recursive: true, force: true });
const { metafile } = await build({
  absWorkingDir: inRoot(),
  entryPoints: entryPoints(),
  outdir: BUNDLE,
  // All files lie side by side: from each it is equally far to the folder of the package.
  chunkNames: '[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: OUTSIDE,
  banner: { js: REQUIRE },
  // Names stay as they are: stack traces and messages speak of them.
  minifySyntax: true,
  minifyWhitespace: true,
  metafile: true,
  logLevel: 'warning',
});
writeFileSync(LICENCES, licencesOf(Object.keys(metafile.inputs)));
