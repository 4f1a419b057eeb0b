import type { Mail } from '../../exchange/mail.ts';

/** The mails about accounts: what happened, what to do, and what it means to do nothing. */
export const mails = {
  invitation: (to: Addressee, organization: string, link: string): Mail =>
    mail(to, `Join ${organization} on Warm Handoff`, [
      `${organization} has invited you to Warm Handoff, where it sends and receives referrals.`,
      `Open this link within seven days, and choose a password:\n${link}`,
      'The link works once. If you did not expect it, do nothing: without it there is no account.',
    ]),
  added: (to: Addressee, organization: string, signIn: string): Mail =>
    mail(to, `You can now act for ${organization}`, [
      `${organization} has added you to its people on Warm Handoff.`,
      `Sign in as before, and choose for whom you act:\n${signIn}`,
      'If you did not expect this, tell whoever administers your organization.',
    ]),
  reset: (to: Addressee, link: string): Mail =>
    mail(to, 'Choose a new password', [
      'Somebody, probably you, asked for a new password for Warm Handoff.',
      `Open this link within an hour:\n${link}`,
      'The link works once. If it was not you, do nothing: your password stays as it is.',
    ]),
  changed: (to: Addressee, what: string): Mail =>
    mail(to, `Your ${what} was changed`, [
      `The ${what} of your Warm Handoff account was changed just now, and you were signed out everywhere else.`,
      'If it was not you, ask your organization’s administrator to suspend the account at once.',
    ]),
};

export interface Addressee {
  name: string;
  email: string;
}

const mail = ({ name, email }: Addressee, subject: string, paragraphs: readonly string[]): Mail => ({
  to: email,
  subject,
  text: [`Hello ${name},`, ...paragraphs, 'Warm Handoff'].join('\n\n'),
});
