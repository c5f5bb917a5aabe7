/** Why a rule cannot be applied to an element, in words that follow "an element"; never says what is in it. */
export class RedactionError extends Error {}
