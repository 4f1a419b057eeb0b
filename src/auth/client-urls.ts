import type { Problem } from '../errors.ts';
import type { Registration } from './clients.ts';
import { readScopes } from './scopes.ts';

/** What is wrong with the addresses of an app; nothing when they can be registered. */
export function faultsOfApp(registration: Registration): Problem[] {
  const { redirectUris = [], launchUrl, jwksUri, frameAncestors = [] } = registration;
  return [
    ...redirectUris.flatMap((uri, index) => at(`redirectUris[${index}]`, faultOfAddress(uri))),
    ...(launchUrl === undefined ? [] : at('launchUrl', faultOfAddress(launchUrl))),
    ...(jwksUri === undefined ? [] : at('jwksUri', faultOfAddress(jwksUri))),
    ...frameAncestors.flatMap((origin, index) => at(`frameAncestors[${index}]`, faultOfOrigin(origin))),
    ...faultsOfKind(registration),
  ];
}

function faultsOfKind({ redirectUris = [], launchUrl, scope, ...registration }: Registration): Problem[] {
  if (redirectUris.length > 0) return [];
  const faults = [];
  if (registration.public)
    faults.push({ text: 'A public client is an app: it needs a redirect URI', expression: 'redirectUris' });
  if (launchUrl !== undefined)
    faults.push({ text: 'An app that is launched needs a redirect URI', expression: 'redirectUris' });
  if (asksForPeople(scope))
    faults.push({
      text: 'Only system scopes are given to a system; scopes of people are for apps, which need a redirect URI',
      expression: 'scope',
    });
  return faults;
}

/** A scope that cannot be read is refused as such elsewhere. */
const asksForPeople = (scope: string): boolean => {
  const words = scope.split(' ').filter(word => word !== '');
  return words.some(word => !word.startsWith('system/') && isReadable(word));
};

function isReadable(word: string): boolean {
  try {
    readScopes(word);
    return true;
  } catch {
    return false;
  }
}

const at = (expression: string, text: string | undefined): Problem[] =>
  text === undefined ? [] : [{ text, expression }];

const loopback = ['localhost', '127.0.0.1', '[::1]'];

function faultOfAddress(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url) return 'is not an absolute URL';
  const local = url.protocol === 'http:' && loopback.includes(url.hostname);
  if (url.protocol !== 'https:' && !local) return 'must be an https URL (http only on this machine)';
  if (url.username || url.password) return 'must not carry a user name or a password';
  return text.includes('#') ? 'must not have a fragment' : undefined;
}

const faultOfOrigin = (text: string): string | undefined =>
  faultOfAddress(text) ??
  (new URL(text).origin === text ? undefined : 'must be an origin: a scheme, a host and a port, and no path');
