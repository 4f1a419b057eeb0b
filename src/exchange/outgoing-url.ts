import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { HubError } from '../errors.ts';

/** Where the hub may be sent by a URL that a user gave. */
export interface OutgoingPolicy {
  /** Hosts (lower case, no port) that are reached whatever their address: an EHR in the same network. */
  allowedHosts: readonly string[];
  /** Whether http is good enough; else https alone. */
  allowHttp: boolean;
}

/** A URL that may be called, and the one address to connect to: a name that is asked again could answer anew. */
export interface OutgoingTarget {
  url: URL;
  address: string;
  family: 4 | 6;
}

export type Resolve = (host: string) => Promise<{ address: string; family: number }[]>;

const resolve: Resolve = host => lookup(host, { all: true, verbatim: true });

/**
 * Every outgoing URL that a user gave goes through here before it is called, and again at each redirect: it must
 * not reach the hub's own network, its host, or the metadata service of a cloud. All addresses of a name count.
 *
 * @throws HubError('invalid') without telling what the name resolves to.
 */
export async function outgoingTarget(
  text: string,
  policy: OutgoingPolicy,
  resolveName: Resolve = resolve,
): Promise<OutgoingTarget> {
  const url = parsed(text);
  if (url.protocol !== 'https:' && !(policy.allowHttp && url.protocol === 'http:'))
    throw refused(policy.allowHttp ? 'must start with https:// or http://' : 'must start with https://');
  if (url.username || url.password) throw refused('must not carry a user name or a password');
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const addresses = await addressesOf(host, resolveName);
  const [first] = addresses;
  if (!first) throw refused('names a host that is not known');
  const allowed = policy.allowedHosts.includes(host);
  if (!allowed && addresses.some(({ address }) => isInternal(address)))
    throw refused('leads into a network that is not public; the operator can allow its host');
  return { url, address: first.address, family: first.family === 6 ? 6 : 4 };
}

function parsed(text: string): URL {
  if (!URL.canParse(text)) throw refused('is not an absolute URL');
  return new URL(text);
}

async function addressesOf(host: string, resolveName: Resolve) {
  const family = isIP(host);
  if (family) return [{ address: host, family }];
  try {
    return await resolveName(host);
  } catch {
    // Whether the name is unknown or its server is silent, nothing can be called.
    throw refused('names a host that is not known');
  }
}

const refused = (why: string): HubError => new HubError('invalid', `The URL ${why}.`);

/** https://www.iana.org/assignments/iana-ipv4-special-registry and …-ipv6-special-registry: what is not public. */
const internal = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  internal.addSubnet(net, bits, 'ipv4');
/** Of IPv6 only what is given to the public, without the parts that carry an IPv4 address or document things. */
const publicV6 = new BlockList();
publicV6.addSubnet('2000::', 3, 'ipv6');
for (const [net, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  internal.addSubnet(net, bits, 'ipv6');

/** Whether an address is not one of the public internet. */
export function isInternal(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return internal.check(address, 'ipv4');
  if (family !== 6) return true;
  const plain = address.replace(/%.*$/, '');
  return internal.check(plain, 'ipv6') || !publicV6.check(plain, 'ipv6');
}
