/** What a tracking server answers, as far as it is used. Anything else in an answer is left alone. */
import { z } from 'zod';

const text = z.string();
/** Lists that are empty are left out of answers. */
const listOf = <T extends z.ZodType>(item: T) => z.array(item).default([]);
const KeyValue = z.object({ key: text, value: text.default('') });

export const Nothing = z.unknown();

export const ExperimentAnswer = z.object({
  experiment: z.object({ experiment_id: text, lifecycle_stage: text.default('active') }),
});

export const CreatedExperiment = z.object({ experiment_id: text });

const Run = z.object({
  info: z.object({ run_id: text, status: text, artifact_uri: text }),
});

export const RunAnswer = z.object({ run: Run });

export const RunsAnswer = z.object({ runs: listOf(Run) });

export const ArtifactsAnswer = z.object({
  files: listOf(
    z.object({
      path: text,
      is_dir: z.boolean().default(false),
      // 64-bit numbers come as texts where protobuf writes them.
      file_size: z.coerce.number().nonnegative().optional(),
    }),
  ),
});

const Version = z.object({
  name: text,
  version: z.coerce.number().int().positive(),
  run_id: text.default(''),
  source: text.default(''),
  description: text.default(''),
  current_stage: text.default('None'),
  tags: listOf(KeyValue),
  aliases: listOf(text),
});
export type Version = z.infer<typeof Version>;

export const VersionAnswer = z.object({ model_version: Version });

export const VersionsAnswer = z.object({ model_versions: listOf(Version), next_page_token: text.optional() });

export const DownloadAddress = z.object({ artifact_uri: text });
