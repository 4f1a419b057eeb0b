/** The other side did not take it: it is tried again. The text is told to its owner, and names no person. */
export class NotDelivered extends Error {}
