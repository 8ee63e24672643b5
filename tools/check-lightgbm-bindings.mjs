/**
 * Compares the declarations in src/learner/lightgbm/bindings.ts with LightGBM's own header. The wheel
 * has no header; it is `include/LightGBM/c_api.h` of the source release. Run it when the pinned
 * version changes:
 *
 *   npm run build && node tools/check-lightgbm-bindings.mjs path/to/c_api.h
 *
 * Exit codes: 0 they agree, 1 they differ, 2 no header given.
 */
import { existsSync, readFileSync } from 'node:fs';
import { DECLARATIONS } from '../dist/learner/lightgbm/bindings.js';

/** Handles, texts the library fills and callbacks are addresses to the bindings. */
function normalise(declaration) {
  return declaration
    .replace(/_Out_ /g, '')
    .replace(/(const )?(Dataset|Booster|FastConfig)Handle/g, 'void*')
    .replace(/void \(\*(\w+)\)\([^)]*\)/g, 'void* $1')
    .replace(/\s*\*\s*/g, '* ')
    .replace(/\* (?=\*)/g, '*')
    .replace(/\bconst (?=int |size_t )/g, '')
    .replace(/\s+/g, ' ')
    .replace(/\s*([(),])\s*/g, '$1')
    .trim();
}

/** Buffers are `void *` in the bindings, so that typed arrays pass by address. */
function asBuffer(type, declaredType) {
  const isBuffer = /^(const )?void\*$/.test(declaredType);
  return isBuffer && /^(const )?(char|double|void|char\*)\*$/.test(type) ? declaredType : type;
}

function parts(declaration) {
  const match = /^(.*?) ?(LGBM_\w+)\((.*)\)$/.exec(normalise(declaration));
  if (match === null) throw new Error(`not a declaration: ${declaration}`);
  const [, result, name, list] = match;
  const parameters =
    list === '' ? [] : list.split(',').map((parameter) => /^(.*?) ?(\w+)$/.exec(parameter).slice(1));
  return { name, result, parameters };
}

const [header] = process.argv.slice(2);
if (header === undefined || !existsSync(header)) {
  process.stderr.write("give the path of LightGBM's c_api.h\n");
  process.exit(2);
}
const official = new Map(
  [...readFileSync(header, 'utf8').matchAll(/LIGHTGBM_C_EXPORT ([^;]*?LGBM_[^;]*\));/g)].map(([, text]) => {
    const declaration = parts(text);
    return [declaration.name, declaration];
  }),
);
let differences = 0;
for (const text of Object.values(DECLARATIONS)) {
  const ours = parts(text);
  const theirs = official.get(ours.name);
  const parameters = theirs?.parameters.map(([type, name], index) => [
    asBuffer(type, ours.parameters[index]?.[0] ?? ''),
    name,
  ]);
  const expected = JSON.stringify([theirs?.result, parameters]);
  if (expected === JSON.stringify([ours.result, ours.parameters])) continue;
  differences += 1;
  process.stdout.write(
    `${ours.name}\n  header   ${expected}\n  bindings ${JSON.stringify([ours.result, ours.parameters])}\n`,
  );
}
const count = Object.keys(DECLARATIONS).length;
process.stdout.write(`${count - differences} of ${count} declarations agree with the header\n`);
process.exitCode = differences === 0 ? 0 : 1;
