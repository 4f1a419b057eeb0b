import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Actor } from '../access/actor.ts';
import { HubError } from '../errors.ts';

/** Length of the seal at the end of a sealed place, in base64url characters: 96 bits. */
const sealLength = 16;

/**
 * The place of the next page, with a seal over it, over who asked, and over what was asked: a link serves only
 * the actor who got it, for the search it belongs to.
 */
export function sealPlace(key: Buffer, place: string, actor: Actor, asked: string): string {
  return `${place}.${seal(key, place, actor, asked)}`;
}

/** The place that was sealed. One that was altered, or given to somebody else, is like one that never was. */
export function openPlace(key: Buffer, sealed: string, actor: Actor, asked: string): string {
  const place = sealed.slice(0, -sealLength - 1);
  const expected = Buffer.from(`${place}.${seal(key, place, actor, asked)}`);
  const given = Buffer.from(sealed);
  if (given.length === expected.length && timingSafeEqual(given, expected)) return place;
  throw new HubError('invalid', {
    text: '_cursor: not a place in this search; follow the links of a page, or leave it out',
    expression: 'http._cursor',
  });
}

function seal(key: Buffer, place: string, actor: Actor, asked: string): string {
  const { kind, id, organization } = actor;
  const digest = createHmac('sha256', key).update(JSON.stringify([place, kind, id, organization, asked]));
  return digest.digest('base64url').slice(0, sealLength);
}
