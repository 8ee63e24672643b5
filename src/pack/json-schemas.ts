import { z } from 'zod';
import { ExpectationsFile, FeaturesFile, PackFile, PlaybookFile } from './schema.ts';

/** JSON Schemas of the YAML files of a pack, by the name of the file without its ending. */
export function packFileSchemas(): Readonly<Record<string, Record<string, unknown>>> {
  const files = {
    pack: PackFile,
    features: FeaturesFile,
    expectations: ExpectationsFile,
    playbook: PlaybookFile,
  };
  return Object.fromEntries(
    Object.entries(files).map(([name, schema]) => [name, z.toJSONSchema(schema, { io: 'input' })]),
  );
}
