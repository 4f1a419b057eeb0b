import { describe, expect, it } from 'vitest';
import { faultOfPassword } from './password-rule.ts';

const about = ['Ada Quinn', 'ada.quinn@general.example'];

describe('a password', () => {
  it.each([
    'harvest plover umbrella',
    'correct horse battery staple',
    'gravel tuesday lantern',
    'vJ3x-9qLw-TzKp',
    'Läufer trägt Zitronenkorb',
    '密码保护着我们所有人的记录啊',
    'rmfk wopq zjxb',
  ])('is taken: %s', password => expect(faultOfPassword(password, about)).toBeUndefined());

  it.each([
    ['short', /at least 12 characters; this one has 5/],
    ['elevenchars', /this one has 11/],
    ['password1234', /common words/],
    ['P@ssw0rd!2026', /common words/],
    ['Welcome2026!!', /common words/],
    ['iloveyou12345', /common words/],
    ['qwertyuiop123', /common words/],
    ['1234567890123', /common words/],
    ['aaaaaaaaaaaaa', /common words/],
    ['abcabcabcabcabc', /common words/],
    ['Summer2026Spring', /common words/],
    ['warmhandoff2026', /common words/],
    ['AdaQuinn123456', /common words/],
    ['ada.quinn.general', /common words/],
    ['qazwsxedcrfv!!!', /common words/],
    ['administrator1!', /common words/],
    ['x'.repeat(129), /at most 128/],
  ])('is not taken: %s', (password, why) => expect(faultOfPassword(password, about)).toMatch(why));
});
