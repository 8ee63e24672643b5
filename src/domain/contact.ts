/** What a contact with somebody can come to. */
export const CONTACT_OUTCOMES = ['contacted', 'accepted_offer', 'refused', 'no_answer', 'left'] as const;
export type ContactOutcome = (typeof CONTACT_OUTCOMES)[number];
