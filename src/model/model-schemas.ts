/**
 * What the files of a model must look like before anything computes with them. Hashes say that a file is the one that
 * was stored; that it is of use is said here, since who writes a file can write its hash too.
 */
import { z } from 'zod';

const Name = z.string().min(1);
const Hash = z.string().regex(/^[0-9a-f]{64}$/);
const Whole = z.int().nonnegative();
const Ordinal = z.int().positive();
/** A path that stays below its folder. */
const FilePath = z.string().regex(/^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*$/);

/** A text that is shown: nothing in it may steer a terminal. */
const Line = z.string().regex(/^[^\p{Cc}\p{Cf}\u2028\u2029]*$/u);

const Provenance = z.strictObject({
  runId: Line,
  createdAt: Line,
  createdBy: Line,
  codeVersion: Line,
  trainingSetId: Line.exactOptional(),
});

const manifest = { name: Name, contentHash: Hash, files: z.record(FilePath, Hash), provenance: Provenance };

/** `manifest.json` of a version; the first format did not cover who made the model and when. */
export const ManifestFile = z.discriminatedUnion('format', [
  z.strictObject({ format: z.literal(1), ...manifest }),
  z.strictObject({ format: z.literal(2), ...manifest, hash: Hash }),
]);

const SetFolder = z.string().regex(/^sets\/[0-9a-f]{16}$/);
const ModelName = z.string().regex(/^churn_model_[1-9]\d{0,5}d$/);

/** `sets/<n>.json`. */
export const SetFile = z.strictObject({
  id: Ordinal,
  versions: z.record(ModelName, Ordinal),
  contentHashes: z.record(ModelName, Hash),
  contractHash: Hash,
  packHash: z.string(),
  hash: Hash,
});

const FileFacts = { bytes: Whole, sha256: Hash };

/** `manifest.json` of an export. */
export const ExportManifest = z.strictObject({
  format: z.literal('holdfast-export/1'),
  set: z.strictObject({ id: Ordinal, hash: Hash, packHash: z.string(), contractHash: Hash }),
  /** The folder of the set below the export. */
  folder: SetFolder,
  /** That of the export before, which whoever began to read before this one may still need. */
  previous: SetFolder.nullable(),
  /** The model texts beside the manifest, shortest horizon first. */
  models: z
    .array(
      z.strictObject({
        horizonDays: Ordinal,
        name: ModelName,
        version: Ordinal,
        contentHash: Hash,
        learner: z.strictObject({ name: Name, version: z.string() }),
        file: z.string().regex(/^churn_model_[1-9]\d{0,5}d\.(?:txt|json)$/),
        ...FileFacts,
      }),
    )
    .min(1),
  /** All files below `folder`. */
  files: z.record(FilePath, z.strictObject(FileFacts)),
  hash: Hash,
});
export type ExportManifest = z.infer<typeof ExportManifest>;

/** Where and how a value is not as its schema says, in a few words. */
export function problemOf(error: z.ZodError): string {
  const [first] = error.issues;
  const place = first?.path.map(String).join('.') ?? '';
  return `is not of the form it should have${place === '' ? '' : ` at ${place.slice(0, 80)}`}: ${first?.message ?? ''}`;
}
