import type { Membership, StoredAccount, StoredSession } from './types.ts';

export type AccountRow = Omit<StoredAccount, 'suspended'> & { suspended: number; step: number };

export interface MembershipRow {
  account: string;
  organization: string;
  practitioner_role: string;
  role: string;
  suspended: number;
}

export type SessionRow = Omit<StoredSession, 'factor'> & { factor: number };

export function accountOf(row: AccountRow): StoredAccount {
  const { id, email, name, practitioner, password, totp, suspended, created } = row;
  return { id, email, name, practitioner, password, totp, suspended: suspended === 1, created };
}

export function membershipOf(row: MembershipRow): Membership {
  const { account, organization, practitioner_role: practitionerRole, role, suspended } = row;
  return { account, organization, practitionerRole, role, suspended: suspended === 1 };
}

export function sessionOf(row: SessionRow): StoredSession {
  const { hash, account, organization, factor, started, seen, expires, address, browser } = row;
  return { hash, account, organization, factor: factor === 1, started, seen, expires, address, browser };
}
