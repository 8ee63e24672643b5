export { ingest, type IngestedSource, type IngestParts } from './ingest.ts';
