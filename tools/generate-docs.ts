/**
 * Writes the documents that are made from the code: the JSON Schemas for editors and the reference pages
 * of settings, commands, metrics and tables. Run with `npm run docs`; a test fails while one is stale.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { settingsPage, workspaceFileSchema } from '../src/config/index.ts';
import { packFileSchemas } from '../src/pack/index.ts';
import { commandsPage } from './reference/commands-page.ts';
import { metricsPage } from './reference/metrics-page.ts';
import { tablesPage } from './reference/tables-page.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Every generated document: its path from the root of the repository, and its text. */
export async function generatedDocuments(): Promise<Readonly<Record<string, string>>> {
  const schemas = { ...packFileSchemas(), holdfast: workspaceFileSchema() };
  const texts: Record<string, string> = {
    'docs/reference/settings.md': settingsPage(),
    'docs/reference/commands.md': await commandsPage(),
    'docs/reference/metrics.md': metricsPage(),
    'docs/reference/tables.md': await tablesPage(join(ROOT, 'packs', 'broadband')),
  };
  for (const [name, schema] of Object.entries(schemas)) {
    texts[`docs/schemas/${name}.schema.json`] = JSON.stringify(schema);
  }
  const documents: Record<string, string> = {};
  for (const [path, text] of Object.entries(texts)) {
    const filepath = join(ROOT, path);
    documents[path] = await format(text, { ...(await resolveConfig(filepath)), filepath });
  }
  return documents;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, text] of Object.entries(await generatedDocuments())) {
    await mkdir(dirname(join(ROOT, path)), { recursive: true });
    await writeFile(join(ROOT, path), text);
    process.stdout.write(`${path}\n`);
  }
}
