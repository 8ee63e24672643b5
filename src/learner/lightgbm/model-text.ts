/**
 * LightGBM's model text: read strictly. The native library trusts what it loads (a wrong child index
 * makes it read foreign memory), so every text is checked here first, and those who work on trees
 * (SHAP) take them from here.
 */
import { HoldfastError } from '../../kernel/index.ts';
import { parseTree, type LightGbmTree } from './tree-text.ts';

/** A model as its text describes it: a sum of trees. */
export interface LightGbmModel {
  readonly features: number;
  readonly featureNames: readonly string[];
  /** The objective with its settings, such as `binary sigmoid:1`. */
  readonly objective: string;
  readonly trees: readonly LightGbmTree[];
}

const HEADER_KEYS = new Set([
  'version',
  'num_class',
  'num_tree_per_iteration',
  'label_index',
  'max_feature_idx',
  'objective',
  'feature_names',
  'monotone_constraints',
  'feature_infos',
  'tree_sizes',
]);
const END_OF_TREES = 'end of trees\n';
const END_OF_PARAMETERS = '\nend of parameters\n';

/**
 * Reads and checks a model text.
 *
 * @throws HF503 when the text is not a complete, consistent model of one class.
 */
export function parseModelText(text: string): LightGbmModel {
  if (!text.startsWith('tree\n')) throw damaged("it does not start with 'tree'");
  if (text.includes('\0') || text.includes('\r')) throw damaged('it has foreign characters');
  const treesStart = text.indexOf('\n\nTree=0\n') + 2;
  if (treesStart === 1) throw damaged('it has no trees');
  const header = parseHeader(text.slice('tree\n'.length, treesStart - 1));
  expect(header, 'version', 'v4');
  expect(header, 'num_class', '1');
  expect(header, 'num_tree_per_iteration', '1');
  const objective = field(header, 'objective');
  if (!/^(?:binary sigmoid:\d+(?:\.\d+)?|cross_entropy)$/.test(objective)) {
    throw damaged(`its objective is '${objective}'`);
  }
  const features = wholeNumber(header, 'max_feature_idx') + 1;
  wholeNumber(header, 'label_index');
  const featureNames = field(header, 'feature_names').split(' ');
  if (featureNames.length !== features || field(header, 'feature_infos').split(' ').length !== features) {
    throw damaged(`it does not describe all of its ${features} features`);
  }
  const constraints = header.get('monotone_constraints')?.split(' ') ?? [];
  if (
    ![0, features].includes(constraints.length) ||
    constraints.some((value) => !/^(?:0|-?1)$/.test(value))
  ) {
    throw damaged("its 'monotone_constraints' are not one a feature");
  }
  const trees = splitTrees(text, treesStart, field(header, 'tree_sizes')).map((block, index) => {
    try {
      return parseTree(block, index, features);
    } catch (error) {
      throw error instanceof RangeError ? damaged(`tree ${index}: ${error.message}`) : error;
    }
  });
  return { features, featureNames, objective, trees };
}

/**
 * The text with what depends on the machine taken out: the number of threads, which LightGBM echoes
 * among the parameters, is written as 0.
 */
export function normaliseModelText(text: string): string {
  const start = text.lastIndexOf('\nparameters:\n');
  if (start === -1) throw damaged('it has no parameters');
  return text.slice(0, start) + text.slice(start).replace(/^\[num_threads: -?\d+\]$/m, '[num_threads: 0]');
}

/** Cuts the blocks out by `tree_sizes`, as the library does, and checks that nothing is left over. */
function splitTrees(text: string, start: number, sizesText: string): string[] {
  const end = text.indexOf(END_OF_TREES, start);
  if (end === -1 || !text.includes(END_OF_PARAMETERS, end)) throw damaged('it is cut off');
  const section = text.slice(start, end);
  // Sizes count bytes; within plain ASCII, characters are bytes.
  if (!/^[\n\x20-\x7e]*$/.test(section)) throw damaged('its trees have foreign characters');
  if (!/^\d{1,10}(?: \d{1,10})*$/.test(sizesText)) throw damaged("its 'tree_sizes' is not a list of sizes");
  let offset = 0;
  const blocks = sizesText.split(' ').map((size) => {
    const block = section.slice(offset, offset + Number(size));
    offset += Number(size);
    return block;
  });
  if (offset !== section.length) throw damaged("its trees do not have the lengths in 'tree_sizes'");
  return blocks;
}

function parseHeader(text: string): Map<string, string> {
  const header = new Map<string, string>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [key, value] = splitOnce(line);
    const isPlain = key === 'feature_names' || value?.includes('=') === false;
    if (value === undefined || !isPlain || !HEADER_KEYS.has(key) || header.has(key)) {
      throw damaged(`its header has the line '${line.slice(0, 80)}'`);
    }
    header.set(key, value);
  }
  return header;
}

function splitOnce(line: string): [string, string | undefined] {
  const at = line.indexOf('=');
  return at === -1 ? [line, undefined] : [line.slice(0, at), line.slice(at + 1)];
}

function field(header: ReadonlyMap<string, string>, key: string): string {
  const value = header.get(key);
  if (value === undefined) throw damaged(`its header has no '${key}'`);
  return value;
}

function expect(header: ReadonlyMap<string, string>, key: string, expected: string): void {
  const value = field(header, key);
  if (value !== expected) throw damaged(`its '${key}' is '${value.slice(0, 40)}', expected '${expected}'`);
}

function wholeNumber(header: ReadonlyMap<string, string>, key: string): number {
  const value = field(header, key);
  if (!/^\d{1,7}$/.test(value)) throw damaged(`its '${key}' is '${value.slice(0, 40)}'`);
  return Number(value);
}

function damaged(what: string): HoldfastError {
  return new HoldfastError('HF503', {
    message: `the text is not a usable LightGBM model: ${what}`,
    hint: 'restore the model folder from a copy, or train again',
  });
}
