/** Reads a pack folder, checks it and freezes it. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { deepFreeze, HoldfastError, sha256 } from '../kernel/index.ts';
import { checkSchema } from './check-schema.ts';
import { checkAcrossFiles } from './cross-checks.ts';
import type { Pack, SqlFile } from './pack.ts';
import { ExpectationsFile, FeaturesFile, PackFile, PlaybookFile } from './schema.ts';
import { parseSqlFile } from './sql-file.ts';
import { parseYaml, readIfThere, shownPath, type YamlFile } from './yaml-file.ts';

/** A file of the pack with its path relative to the pack folder, with `/`. */
interface TextFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Reads `pack.yaml`, `features.yaml`, `expectations.yaml` (optional), `playbook.yaml` and
 * `sql/<layer>/<table>.sql`.
 *
 * Throws HF104 (not YAML), HF105 (a part is missing), HF106 (a value does not fit) or HF402 (a SQL
 * file does not follow the rules), each with file, line and key.
 */
export async function loadPack(folder: string): Promise<Pack> {
  await requireFolder(folder);
  const texts: TextFile[] = [];
  const yaml = async (name: string): Promise<YamlFile | undefined> => {
    const text = await readIfThere(join(folder, name));
    if (text === undefined) return undefined;
    texts.push({ path: name, text });
    return parseYaml(text, shownPath(join(folder, name)));
  };
  const packYaml = required(folder, 'pack.yaml', await yaml('pack.yaml'));
  const featuresYaml = required(folder, 'features.yaml', await yaml('features.yaml'));
  const playbookYaml = required(folder, 'playbook.yaml', await yaml('playbook.yaml'));
  const expectationsYaml = await yaml('expectations.yaml');

  const file = checkSchema(PackFile, packYaml);
  const { features } = checkSchema(FeaturesFile, featuresYaml);
  const playbook = checkSchema(PlaybookFile, playbookYaml);
  const expectations =
    expectationsYaml === undefined ? {} : checkSchema(ExpectationsFile, expectationsYaml).tables;
  const sqlTexts = await readSqlFolder(folder);
  const sql = sqlTexts.map((item) => sqlFile(folder, item));

  checkAcrossFiles(
    { file, features, playbook, expectations, sql },
    {
      pack: packYaml,
      features: featuresYaml,
      playbook: playbookYaml,
      expectations: expectationsYaml,
      folder,
    },
  );
  return deepFreeze({
    folder,
    file,
    features,
    expectations,
    playbook,
    sql,
    hash: hashFiles([...texts, ...sqlTexts]),
  });
}

async function requireFolder(folder: string): Promise<void> {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    throw new HoldfastError('HF105', {
      message: 'there is no pack folder at this path',
      hint: 'give the folder of a pack, or the name of one that comes with Holdfast, such as broadband',
      place: { file: shownPath(folder) },
    });
  }
}

function required(folder: string, name: string, file: YamlFile | undefined): YamlFile {
  if (file !== undefined) return file;
  throw new HoldfastError('HF105', {
    message: `the pack has no ${name}`,
    hint: 'a pack needs pack.yaml, features.yaml and playbook.yaml, and a folder sql/ with its tables',
    place: { file: shownPath(join(folder, name)) },
  });
}

/** Every file below sql/ that ends in .sql, in the order of their paths. */
async function readSqlFolder(folder: string): Promise<TextFile[]> {
  const root = join(folder, 'sql');
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith('.sql'))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length).replaceAll('\\', '/'))
    .map((path) => path.replace(/^\/+/, ''))
    .sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return Promise.all(
    paths.map(async (path) => ({ path, text: (await readIfThere(join(folder, path))) ?? '' })),
  );
}

function sqlFile(folder: string, { path, text }: TextFile): SqlFile {
  const shown = shownPath(join(folder, path));
  const [, layer, table] = /^sql\/([a-z][a-z0-9_]*)\/([a-z][a-z0-9_]*)\.sql$/.exec(path) ?? [];
  if (layer === undefined || table === undefined) {
    throw new HoldfastError('HF402', {
      message: 'a SQL file lies at sql/<layer>/<table>.sql, both names in lower-case letters, digits and _',
      hint: 'move or rename the file so that its path says which table it makes',
      place: { file: shown },
    });
  }
  return parseSqlFile(`${layer}.${table}`, path, shown, text);
}

function hashFiles(files: readonly TextFile[]): string {
  const ordered = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return sha256(ordered.map(({ path, text }) => `${path}\0${text}\0`).join(''));
}
