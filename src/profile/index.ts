export { profileTable, type ProfileParts, type ProfileWishes } from './profile.ts';
