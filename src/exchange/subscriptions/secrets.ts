import { randomBytes } from 'node:crypto';
import type { Extension, Subscription } from '@medplum/fhirtypes';
import { HubError } from '../../errors.ts';
import { canonical } from '../../fhir/canonical.ts';

/** Encrypts a text for the database; `name` binds it to its place. */
export interface Seal {
  close(name: string, text: string): string;
  open(name: string, sealed: string): string;
}

/** Who subscribed, and what its notifications are signed with. */
export interface Signing {
  client: string;
  /** As https://www.standardwebhooks.com writes it: `whsec_` and 32 bytes in base64. */
  secret: string;
}

export const signingExtension = `${canonical}/StructureDefinition/subscription-signing`;
const mark = 'sealed:';
const headerForm =
  /^([A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}):[ \t]*([\x21-\x7e\x80-\xff](?:[\x20-\x7e\x80-\xff]{0,4094})?)$/;

/** Headers that the hub itself sets, or that say where a message ends. */
const reserved =
  /^(host|connection|content-.*|transfer-encoding|te|trailer|upgrade|expect|keep-alive|proxy-.*|webhook-.*|disclosure-notice)$/i;

/**
 * The secrets of subscriptions. They are in the Subscription itself, sealed: written in its commit, of no use to
 * who reads it. A header's value is bound to organization and endpoint, so that it is never sent elsewhere.
 */
export function createSecrets(seal: Seal) {
  const headerPlace = (organization: string, endpoint: string) =>
    `a header for ${endpoint} of Organization/${organization}`;
  const signingPlace = (organization: string) => `a signing secret of Organization/${organization}`;

  function closeHeader(text: string, organization: string, endpoint: string): string {
    const [, name = '', value = ''] = headerForm.exec(text) ?? [];
    if (!name) throw refused('A header is written "Name: value", with visible characters.');
    if (reserved.test(name)) throw refused('The hub sets this header itself.');
    const place = headerPlace(organization, endpoint);
    if (!value.startsWith(mark)) return `${name}: ${mark}${seal.close(place, value)}`;
    if (canOpen(place, value.slice(mark.length))) return `${name}: ${value}`;
    throw refused('A sealed header is good for its endpoint alone: write its value again.');
  }

  function canOpen(place: string, sealed: string): boolean {
    try {
      seal.open(place, sealed);
      return true;
    } catch {
      // Sealed for another endpoint or organization, or made up: either way it is not used.
      return false;
    }
  }

  return {
    /** The Subscription with its headers sealed, as the client's own; its secret is kept, or made when it has none. */
    close(
      subscription: Subscription,
      by: { client: string; organization: string },
      before: Subscription | undefined,
    ): Subscription {
      const { channel } = subscription;
      const header = channel.header?.map(text => closeHeader(text, by.organization, channel.endpoint ?? ''));
      const secret = before
        ? this.signing(before, by.organization).secret
        : `whsec_${randomBytes(32).toString('base64')}`;
      const signing: Signing = { client: by.client, secret };
      const extension: Extension = {
        url: signingExtension,
        valueString: seal.close(signingPlace(by.organization), JSON.stringify(signing)),
      };
      const others = subscription.extension?.filter(({ url }) => url !== signingExtension) ?? [];
      return {
        ...subscription,
        extension: [...others, extension],
        channel: { ...channel, ...(header ? { header } : {}) },
      };
    },
    signing(subscription: Subscription, organization: string): Signing {
      const sealed = subscription.extension?.find(({ url }) => url === signingExtension)?.valueString;
      if (sealed === undefined)
        throw new HubError('unprocessable', 'The Subscription was not made by a client of this hub.');
      return JSON.parse(seal.open(signingPlace(organization), sealed)) as Signing;
    },
    /** The headers as they are sent. */
    headers({ channel }: Subscription, organization: string): [name: string, value: string][] {
      const place = headerPlace(organization, channel.endpoint ?? '');
      return (channel.header ?? []).map(text => {
        const at = text.indexOf(': ');
        const value = text.slice(at + 2);
        return [text.slice(0, at), seal.open(place, value.slice(mark.length))];
      });
    },
  };
}

export type Secrets = ReturnType<typeof createSecrets>;

const refused = (text: string): HubError =>
  new HubError('unprocessable', { text, expression: 'Subscription.channel.header' });
