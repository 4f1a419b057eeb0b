import type { Role } from '../access/roles.ts';

/** A person who is signed in, and for whom they act. */
export interface SignedInPerson {
  /** Id of the account. */
  account: string;
  /** What pages call them. */
  name: string;
  /** Logical id of their Practitioner. */
  practitioner: string;
  /** Logical id of the PractitionerRole they act in. */
  practitionerRole: string;
  /** Logical id of the Organization they act for. */
  organization: string;
  role: Role;
}

/** Who the people are, for whatever needs to know it: pages, and apps that people sign in to. */
export interface People {
  /**
   * The person behind the `Cookie` header of a request; undefined when nobody is signed in, the session is over, the
   * account is suspended, or the second factor is still owed.
   */
  fromCookie(cookie: string | undefined): Promise<SignedInPerson | undefined>;
  /** The same person later, by account and organization, if they still may act for it: a refresh token asks at each use. */
  find(account: string, organization: string): Promise<SignedInPerson | undefined>;
}
