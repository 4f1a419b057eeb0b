/** Whom a token speaks for: an account, in the name of one organization. It is the `sub` of an id_token. */
export interface Person {
  account: string;
  organization: string;
}

export const subjectOf = ({ account, organization }: Person): string => `${account}/${organization}`;

export function personOf(subject: string): Person {
  const at = subject.lastIndexOf('/');
  return { account: subject.slice(0, at), organization: subject.slice(at + 1) };
}
