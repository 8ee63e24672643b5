export { auditLeakage, type AuditParts, type SampleSettings } from './audit.ts';
export { type AuditDocument, type FindingDocument, lastAudit, writeAudit } from './document.ts';
export type { AuditedTable } from './origins.ts';
