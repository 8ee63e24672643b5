import type { z } from 'zod';
import { HoldfastError } from '../kernel/index.ts';
import { explainIssues, formatKeyPath, type SchemaProblem } from './schema-problems.ts';
import type { KeyPath, YamlFile } from './yaml-file.ts';

/** Checks a file of a pack against its schema. Throws HF106 with file, line, key and what was expected. */
export function checkSchema<T>(schema: z.ZodType<T>, file: YamlFile): T {
  // Compiling a schema pays from some dozens of values on; a file is one.
  const result = schema.safeParse(file.value, { jitless: true });
  if (result.success) return result.data;
  const problems = explainIssues(schema, file.value, result.error.issues);
  // A misspelt key shows as one unknown and one missing key: the unknown one tells more.
  const [first, ...others] = [
    ...problems.filter((problem) => problem.kind === 'unknown_key'),
    ...problems.filter((problem) => problem.kind === 'value'),
  ];
  throw packError(file, first?.path ?? [], withOthers(file, first, others), first?.hint);
}

/** The error HF106 about one key of a pack file. */
export function packError(file: YamlFile, path: KeyPath, message: string, hint?: string): HoldfastError {
  const line = file.lineOf(path);
  return new HoldfastError('HF106', {
    message,
    ...(hint === undefined ? {} : { hint }),
    place: {
      file: file.path,
      ...(line === undefined ? {} : { line }),
      ...(path.length === 0 ? {} : { field: formatKeyPath(path) }),
    },
  });
}

/** The first problem in full and the others by line, so that one run shows all there is to mend. */
function withOthers(
  file: YamlFile,
  first: SchemaProblem | undefined,
  others: readonly SchemaProblem[],
): string {
  const message = first?.message ?? 'the file does not fit its schema';
  if (others.length === 0) return message;
  const listed = others.slice(0, 5).map((problem) => {
    const line = file.lineOf(problem.path);
    const where = line === undefined ? '' : `line ${line} `;
    return `${where}${formatKeyPath(problem.path)} ${problem.message}`;
  });
  const rest = others.length > listed.length ? ` and ${others.length - listed.length} more` : '';
  return `${message}; also ${listed.join('; ')}${rest}`;
}
