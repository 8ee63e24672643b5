export { ingest, type IngestedSource, type IngestParts, planIngest } from './ingest.ts';
