export { draftPack, type InitWishes, type PackDraft } from './draft.ts';
export { safeFileName } from './names.ts';
export { packTexts, type PackText } from './pack-text.ts';
