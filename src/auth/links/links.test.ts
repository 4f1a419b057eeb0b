import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import closureReasons from '../../../terminology/closure-reason.json' with { type: 'json' };
import declineReasons from '../../../terminology/decline-reason.json' with { type: 'json' };
import services from '../../../terminology/referral-service.json' with { type: 'json' };
import { linkEvents } from '../../referral/lifecycle/by-link.ts';
import { reasonsFor } from './answer.ts';
import { contactsOf, isListed, masked } from './contact.ts';
import { createGuessWatch, type Guessing, guessLimits, networkOf } from './guessing.ts';
import { type Link, stateOfLink } from './link.ts';
import { formatLinkToken, hashOf, isSecretOf, newLinkToken, parseLinkToken } from './link-token.ts';
import { languages } from './words/words.ts';

describe('a token', () => {
  it('holds 256 random bits, and comes back from its own form', () => {
    const token = newLinkToken();
    expect(Buffer.from(token.secret, 'base64url')).toHaveLength(32);
    expect(parseLinkToken(formatLinkToken(token))).toEqual(token);
    expect(newLinkToken()).not.toEqual(token);
    expect(isSecretOf(token.secret, hashOf(token.secret))).toBe(true);
    expect(hashOf(token.secret)).not.toContain(token.secret);
  });

  it('is not found in anything else', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), text => {
        expect(isSecretOf(text, hashOf(newLinkToken().secret))).toBe(false);
        const parsed = parseLinkToken(text);
        expect(parsed === undefined || formatLinkToken(parsed) === text).toBe(true);
      }),
    );
  });

  it('differs by one letter: it is another', () => {
    const { secret } = newLinkToken();
    const other = `${secret.startsWith('A') ? 'B' : 'A'}${secret.slice(1)}`;
    expect(isSecretOf(other, hashOf(secret))).toBe(false);
  });
});

it.each([
  ['valid', undefined, 9, 'valid'],
  ['at its end', undefined, 10, 'expired'],
  ['revoked', 'revoked', 9, 'revoked'],
  ['revoked, and over', 'revoked', 11, 'revoked'],
  ['replaced', 'replaced', 9, 'replaced'],
] as const)('a link that is %s', (_name, end, now, state) => {
  expect(stateOfLink({ expires: 10 } as Link, end, now)).toBe(state);
});

describe('the contact', () => {
  const now = new Date('2026-03-02T09:00:00Z');
  const organization = {
    resourceType: 'Organization' as const,
    telecom: [
      { system: 'phone' as const, value: '1' },
      { system: 'email' as const, value: 'B@x.example', rank: 2 },
      { system: 'email' as const, value: 'a@x.example', rank: 1 },
      { system: 'email' as const, value: 'old@x.example', use: 'old' as const },
      { system: 'email' as const, value: 'past@x.example', period: { end: '2026-03-01' } },
      { system: 'email' as const, value: 'later@x.example', period: { start: '2026-04-01' } },
      { system: 'email' as const, value: 'two@x.example, three@x.example' },
      { system: 'email' as const, value: 'x@x.example\nBcc: y@y.example' },
      { system: 'url' as const, value: 'https://x.example' },
    ],
  };

  it('is the preferred one that holds now, of the service before the organization', () => {
    expect(contactsOf(organization, undefined, now).map(({ value }) => value)).toEqual([
      'a@x.example',
      'b@x.example',
      '1',
    ]);
    const service = {
      resourceType: 'HealthcareService' as const,
      telecom: [{ system: 'email' as const, value: 'beds@x.example' }],
    };
    expect(contactsOf(organization, service, now)[0]?.value).toBe('beds@x.example');
    expect(contactsOf(undefined, undefined, now)).toEqual([]);
  });

  it('is the same only with the same system', () => {
    const listed = contactsOf(organization, undefined, now);
    expect(isListed({ system: 'email', value: 'a@x.example' }, listed)).toBe(true);
    expect(isListed({ system: 'phone', value: 'a@x.example' }, listed)).toBe(false);
  });

  it.each([
    ['email', 'desk@harbor.example', 'd•••@harbor.example'],
    ['phone', '(320) 555-0130', '••• 30'],
  ] as const)('is shown so that nobody learns it (%s)', (system, value, shown) => {
    expect(masked({ system, value })).toBe(shown);
  });
});

describe('guessing', () => {
  it.each([
    ['203.0.113.9', '203.0.113.0/24'],
    ['::ffff:203.0.113.9', '203.0.113.0/24'],
    ['2001:db8:1:2::3', '2001:db8:1::/48'],
    ['2001:0db8:0001:ffff::', '2001:db8:1::/48'],
    ['::1', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
  ])('%s is in %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  function watch() {
    let now = 0;
    const told: Guessing[] = [];
    const guesses = createGuessWatch(
      async guessing => void told.push(guessing),
      () => now,
    );
    return { guesses, told, later: (milliseconds: number) => (now += milliseconds) };
  }

  it('is held up after so many from one address, told of once an hour, and forgiven with time', async () => {
    const { guesses, told, later } = watch();
    for (let tried = 0; tried < guessLimits.ofAddress; tried++)
      expect(await guesses.wrong('203.0.113.9')).toBe(0);
    expect(await guesses.wrong('203.0.113.9')).toBe(3);
    for (let tried = 0; tried < 100; tried++) await guesses.wrong('203.0.113.9');
    expect(told).toEqual([{ network: '203.0.113.0/24', tries: guessLimits.ofAddress + 1 }]);
    later(60_000);
    expect(await guesses.wrong('203.0.113.9')).toBe(0);
    later(3_600_000);
    for (let tried = 0; tried <= guessLimits.ofAddress; tried++) await guesses.wrong('203.0.113.9');
    expect(told).toHaveLength(2);
  });

  it('is held up from one network, whatever the address, and not from another', async () => {
    const { guesses, told } = watch();
    const waits = await Promise.all(
      Array.from({ length: guessLimits.ofNetwork + 1 }, (_, n) => guesses.wrong(`203.0.113.${n}`)),
    );
    expect(waits.filter(wait => wait > 0)).toHaveLength(1);
    expect(told).toHaveLength(1);
    expect(await guesses.wrong('198.51.100.1')).toBe(0);
  });
});

describe('the words', () => {
  const shape = (value: unknown): unknown =>
    typeof value === 'string'
      ? (value.match(/\{\w+\}/g) ?? []).sort()
      : Object.fromEntries(
          Object.entries(value as object).flatMap(([name, one]) =>
            ['lang', 'called', 'needs'].includes(name) ? [] : [[name, shape(one)]],
          ),
        );

  it('say the same in every language, with the same blanks', () => {
    for (const words of Object.values(languages)) expect(shape(words)).toEqual(shape(languages.en));
  });

  it('name every need of the hub, where the codes’ own words are in another language', () => {
    for (const { code } of services.concept) expect(languages.es.needs[code], code).toBeTruthy();
  });

  it.each(Object.values(languages))('name every reason and event ($lang)', words => {
    const declines = declineReasons.concept.map(({ code }) => code).filter(code => code !== 'redirected');
    const closures = closureReasons.concept.map(({ code }) => code).filter(code => code !== 'cancelled');
    expect(Object.keys(words.refusals).sort()).toEqual([...declines].sort());
    expect(Object.keys(words.outcomes).sort()).toEqual([...closures].sort());
    expect(reasonsFor).toEqual({ refusal: declines, outcome: closures });
    expect(Object.keys(words.event)).toEqual(expect.arrayContaining([...linkEvents]));
  });
});
