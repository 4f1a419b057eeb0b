import { createPublicKey } from 'node:crypto';
import type { JWK } from 'jose';
import type { Problem } from '../errors.ts';

/** The algorithms a client may sign its assertions with (https://hl7.org/fhir/smart-app-launch/client-confidential-asymmetric.html). */
export const assertionAlgorithms = ['ES384', 'RS384'] as const;

const smallestRsaKey = 2048;

/** What is wrong with a client's public keys; nothing when they can be registered. */
export function faultsOfKeys(jwks: unknown): Problem[] {
  const keys = isObject(jwks) ? jwks.keys : undefined;
  if (!Array.isArray(keys) || keys.length === 0) {
    return [{ text: 'A key set has the form {"keys": [ … ]} with at least one key', expression: 'jwks' }];
  }
  const faults = keys.flatMap((key, index) =>
    faultsOfKey(key).map(text => ({ text, expression: `jwks.keys[${index}]` })),
  );
  const kids = keys.map(key => (isObject(key) ? key.kid : undefined));
  const twice = kids.find((kid, index) => kid !== undefined && kids.indexOf(kid) !== index);
  return twice === undefined
    ? faults
    : [...faults, { text: `Two keys have the kid ${twice}`, expression: 'jwks.keys' }];
}

function faultsOfKey(key: unknown): string[] {
  if (!isObject(key)) return ['A key is a JSON object (RFC 7517)'];
  if (['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].some(secret => secret in key)) {
    return [
      'The key is private. Register the public key alone, and take the private one out of use: it was sent',
    ];
  }
  const faults: string[] = [];
  if (typeof key.kid !== 'string' || key.kid === '') faults.push('The key has no kid');
  if (key.use !== undefined && key.use !== 'sig')
    faults.push('The key is not for signatures: use must be sig');
  const algorithm = algorithmOf(key);
  if (!algorithm) faults.push('The key must be RSA (for RS384) or EC on the curve P-384 (for ES384)');
  else if (key.alg !== undefined && key.alg !== algorithm)
    faults.push(`The alg of this key must be ${algorithm}`);
  else faults.push(...faultsOfMaterial(key));
  return faults;
}

function algorithmOf(key: Record<string, unknown>): (typeof assertionAlgorithms)[number] | undefined {
  if (key.kty === 'RSA') return 'RS384';
  return key.kty === 'EC' && key.crv === 'P-384' ? 'ES384' : undefined;
}

function faultsOfMaterial(key: Record<string, unknown>): string[] {
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key: key as JWK, format: 'jwk' });
    const bits = asymmetricKeyDetails?.modulusLength ?? smallestRsaKey;
    return bits < smallestRsaKey ? [`An RSA key needs at least ${smallestRsaKey} bits, not ${bits}`] : [];
  } catch (error) {
    return [`The key cannot be read: ${error instanceof Error ? error.message : error}`];
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
