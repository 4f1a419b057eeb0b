import { expect, it } from 'vitest';
import { type OtherSide, otherSideWords } from './other-side.ts';

const words = (more: Partial<OtherSide>) =>
  otherSideWords({
    direction: 'sent',
    stage: 'asked',
    worked: false,
    name: 'Northside',
    treating: true,
    throughHub: false,
    ...more,
  }).join(' ');

it.each([
  ['a draft', { stage: 'draft' }, /Nobody else/, /Northside/],
  ['an offer to a center', {}, /nothing else of the record/, /having accepted/],
  ['accepted by a center', { stage: 'working' }, /also sees the record/, /nothing else/],
  [
    'accepted by a shelter',
    { stage: 'working', treating: false },
    /nothing else of the record/,
    /also sees the record/,
  ],
  ['declined', { stage: 'ended' }, /no longer sees who the person is/, /what you attached/],
  ['done', { stage: 'ended', worked: true }, /still sees what it worked with/, /no longer sees/],
  ['the receiver’s side', { direction: 'received' }, /your answer with its reason/, /other places/],
] as const)('says what the other side sees: %s', (_name, more, has, hasNot) => {
  expect(words(more)).toMatch(has);
  expect(words(more)).not.toMatch(hasNot);
});
