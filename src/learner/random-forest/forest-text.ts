import { HoldfastError } from '../../kernel/index.ts';

/** Lines of a tree whose values are on the scale of the score. */
const SCALED = /^(leaf_value|internal_value)=(.*)$/gm;

/**
 * A forest's text as the plain sum of trees that everything else (prediction, SHAP, Python's lightgbm)
 * takes: LightGBM writes trees of which the mean is meant and says so in a line; here the values in the trees
 * are divided by their number, and the line is gone.
 *
 * @throws HF502 when the text is not that of a forest.
 */
export function sumOfTrees(text: string): string {
  const start = text.indexOf('\nTree=0\n') + 1;
  const end = text.indexOf('end of trees\n');
  const header = text.slice(0, start);
  if (start === 0 || end === -1 || !header.includes('\naverage_output\n'))
    throw new HoldfastError('HF502', { message: 'LightGBM wrote a forest that is none' });
  const blocks = text.slice(start, end).split(/^(?=Tree=\d+$)/m);
  const scaled = blocks.map((block) =>
    block.replace(SCALED, (_, key: string, values: string) => `${key}=${divided(values, blocks.length)}`),
  );
  const sizes = scaled.map((block) => block.length).join(' ');
  const newHeader = header
    .replace('\naverage_output\n', '\n')
    .replace(/^tree_sizes=.*$/m, `tree_sizes=${sizes}`);
  return `${newHeader}${scaled.join('')}${text.slice(end)}`;
}

const divided = (values: string, count: number): string =>
  values === ''
    ? ''
    : values
        .split(' ')
        .map((value) => String(Number(value) / count))
        .join(' ');
