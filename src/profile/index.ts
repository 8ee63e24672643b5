export type { MalformedLines } from './findings.ts';
export { profileTable, type ProfileParts, type ProfileWishes } from './profile.ts';
