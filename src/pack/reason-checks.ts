/** Rules about the sentences of reasons in `features.yaml`. */
import { nearestWord } from '../kernel/index.ts';
import { packError } from './check-schema.ts';
import { isPlaceholder, placeholdersOf, REASON_PLACEHOLDERS } from './reason-template.ts';
import type { Feature } from './schema.ts';
import type { KeyPath, YamlFile } from './yaml-file.ts';

/** Throws HF105 for an unknown placeholder, and for a range or a category where the other is meant. */
export function checkReason(file: YamlFile, path: KeyPath, { type, reason, missing }: Feature): void {
  const numeric = type === 'numeric';
  if (!numeric && missing.length > 0)
    throw packError(
      file,
      [...path, 'missing'],
      'a categorical feature has no numbers that stand for missing',
    );
  if (reason === undefined) return;
  if (typeof reason === 'string') {
    checkSentence(file, [...path, 'reason'], reason, numeric);
    return;
  }
  for (const [index, { from, below, is, say }] of reason.entries()) {
    const at = [...path, 'reason', index];
    checkSentence(file, [...at, 'say'], say, numeric);
    if (numeric && is !== undefined)
      throw packError(file, [...at, 'is'], 'a numeric feature has no categories', 'use from and below');
    if (!numeric && (from !== undefined || below !== undefined))
      throw packError(file, at, 'a categorical feature has no range', 'use is, a list of categories');
    if (from !== undefined && below !== undefined && from >= below)
      throw packError(file, [...at, 'below'], `the range ends at ${below}, before it begins at ${from}`);
  }
}

function checkSentence(file: YamlFile, path: KeyPath, sentence: string, numeric: boolean): void {
  for (const name of placeholdersOf(sentence)) {
    if (!isPlaceholder(name)) {
      const near = nearestWord(name, [...REASON_PLACEHOLDERS]);
      throw packError(
        file,
        path,
        `unknown placeholder {${name}}`,
        `use one of ${REASON_PLACEHOLDERS.map((known) => `{${known}}`).join(', ')}${near === undefined ? '' : `; {${near}} is nearest`}`,
      );
    }
    if (!numeric && name !== 'value')
      throw packError(file, path, `{${name}} is a number, but the feature is categorical`, 'use {value}');
  }
}
