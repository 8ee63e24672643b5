import type { PackDraft } from './draft.ts';
import { readme } from './write-readme.ts';
import { goldSql, silverSql } from './write-sql.ts';
import { expectationsYaml, featuresYaml, packYaml, playbookYaml } from './write-yaml.ts';

/** One file of a pack, its path relative to the folder of the pack. */
export interface PackText {
  readonly path: string;
  readonly text: string;
}

/** All files of a new pack. `folder` is how people call the folder in a command. */
export function packTexts(draft: PackDraft, folder: string): PackText[] {
  return [
    { path: 'pack.yaml', text: packYaml(draft) },
    { path: 'features.yaml', text: featuresYaml(draft) },
    { path: 'expectations.yaml', text: expectationsYaml(draft) },
    { path: 'playbook.yaml', text: playbookYaml(draft) },
    { path: 'sql/silver/customers.sql', text: silverSql(draft) },
    { path: 'sql/gold/customer_features.sql', text: goldSql(draft) },
    { path: 'README.md', text: readme(draft, folder) },
  ];
}
