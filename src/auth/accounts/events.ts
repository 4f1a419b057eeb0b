/** What happened to an account, or was tried; without names and addresses of people. */
export interface PersonEvent {
  what:
    | 'password'
    | 'second-factor'
    | 'sign-out'
    | 'choose-organization'
    | 'invite'
    | 'accept'
    | 'ask-reset'
    | 'reset'
    | 'change-password'
    | 'change-second-factor'
    | 'change-role'
    | 'suspend'
    | 'resume';
  done: boolean;
  /** Whose account; absent when there is none. */
  account?: string | undefined;
  /** Logical id of their Practitioner. */
  practitioner?: string | undefined;
  organization?: string | undefined;
  /** Who did it, when it was not the person. */
  by?: { account: string; organization: string } | 'operator' | undefined;
  /** Network address of the caller. */
  address?: string | undefined;
}
