/** What people can do about an entity. */
export const WORK_ACTIONS = ['assign', 'release', 'snooze', 'suppress', 'resume', 'contact'] as const;
export type WorkAction = (typeof WORK_ACTIONS)[number];

/** What a contact can come to. */
export const CONTACT_OUTCOMES = ['contacted', 'accepted_offer', 'refused', 'no_answer', 'left'] as const;
export type ContactOutcome = (typeof CONTACT_OUTCOMES)[number];
