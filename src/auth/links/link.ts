/** Where a link was sent, or by what number its code is told: an entry of the directory. */
export interface Contact {
  system: 'email' | 'phone';
  value: string;
}

/** A link to one referral Task, for an organization without an account. Of its secret only the hash is kept. */
export interface Link {
  /** Public: the operator names it by this, and the audit. */
  id: string;
  /** Logical id of the Task. */
  task: string;
  /** Logical id of the Organization that the Task's owner stands for. */
  organization: string;
  contact: Contact;
  secretHash: string;
  /** Epoch milliseconds. */
  created: number;
  expires: number;
  /** It has left the hub. */
  sent: boolean;
}

/** Why a link was ended before its time. */
export type LinkEnd = 'revoked' | 'replaced';

export type LinkState = 'valid' | 'expired' | LinkEnd;

export const stateOfLink = (link: Link, ended: LinkEnd | undefined, now: number): LinkState =>
  ended ?? (link.expires <= now ? 'expired' : 'valid');

/** A link as it stands now. */
export interface KnownLink {
  link: Link;
  state: LinkState;
}
