/** Rules about `cleaning:` that its schema cannot say. */
import { nearestWord } from '../kernel/index.ts';
import { packError } from './check-schema.ts';
import type { Pack } from './pack.ts';
import type { Feature } from './schema.ts';
import type { KeyPath, YamlFile } from './yaml-file.ts';

/** Throws HF106 for a feature that is not there, and for a rule that does not go with a feature's type. */
export function checkCleaning({ file, features }: Pick<Pack, 'file' | 'features'>, pack: YamlFile): void {
  const { cleaning } = file;
  if (cleaning === undefined) return;
  if (cleaning.repeated_keys === 'keep_first' && file.undated === undefined)
    throw packError(
      pack,
      ['cleaning', 'repeated_keys'],
      'keep_first is for undated packs: a pack with dates has several rows an entity',
      'keep one row a key in the SQL that makes the table of snapshots',
    );
  for (const name of Object.keys(cleaning.features)) {
    const feature = features[name];
    const path = ['cleaning', 'features', name];
    if (feature === undefined) {
      const nearest = nearestWord(name, Object.keys(features));
      throw packError(
        pack,
        path,
        `the feature ${name} is unknown`,
        nearest === undefined ? undefined : `did you mean ${nearest}?`,
      );
    }
    checkType(pack, path, feature, cleaning.features[name] ?? {});
    checkFlag(pack, path, features, name, cleaning.features[name]?.outliers);
  }
  for (const [name, { type }] of Object.entries(features))
    if (type === 'numeric' && cleaning.features[name]?.outliers === undefined)
      checkFlag(pack, ['cleaning', 'numeric', 'outliers'], features, name, cleaning.numeric.outliers);
}

type Rule = NonNullable<Pack['file']['cleaning']>['features'][string];

function checkType(pack: YamlFile, path: KeyPath, { type, range }: Feature, rule: Rule): void {
  const { missing, outliers, impossible } = rule;
  if (type === 'numeric') {
    if (typeof missing === 'object' && typeof missing.constant !== 'number')
      throw packError(pack, [...path, 'missing', 'constant'], 'a numeric feature takes a number');
    if (impossible === 'missing' && range === undefined)
      throw packError(
        pack,
        [...path, 'impossible'],
        'the feature has no range, so that no value of it is impossible',
        'add range to the feature in features.yaml',
      );
    return;
  }
  if (missing === 'median' || missing === 'mean')
    throw packError(pack, [...path, 'missing'], `categories have no ${missing}`, 'use mode or a constant');
  if (typeof missing === 'object' && typeof missing.constant !== 'string')
    throw packError(pack, [...path, 'missing', 'constant'], 'a categorical feature takes a text');
  for (const [key, value] of Object.entries({ outliers, impossible }))
    if (value !== undefined)
      throw packError(pack, [...path, key], `${key} is for numbers, but the feature is categorical`);
}

/** The name of a flag must not be that of a feature. */
function checkFlag(
  pack: YamlFile,
  path: KeyPath,
  features: Pack['features'],
  name: string,
  outliers: Rule['outliers'],
): void {
  if (outliers === undefined || outliers === 'none' || outliers.action !== 'flag') return;
  if (features[`${name}_outlier`] !== undefined)
    throw packError(pack, path, `the flag ${name}_outlier has the name of a feature`, 'rename the feature');
}
