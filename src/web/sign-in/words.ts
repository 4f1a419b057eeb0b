import { HubError } from '../../errors.ts';

/** The same for every reason: whether there is an account is not told. */
export const wrong = new HubError(
  'forbidden',
  'E-mail address or password is not right. Try again, or ask for a new password below.',
);

export function again(seconds: number): HubError {
  const time = seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return new HubError(
    'too-many-requests',
    `That was wrong too often: try again in ${time}. Nothing else has changed.`,
  );
}

export const wrongPassword = new HubError(
  'forbidden',
  'The present password is not right: nothing was changed.',
);
