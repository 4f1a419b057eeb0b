import { describe, expect, it } from 'vitest';
import { bundleSecurity, disclosedTo, noticeIssues, shortNotice } from './disclosure.ts';
import { maskOf } from './labels.ts';

const [SUD, HIV] = [maskOf(['SUD']), maskOf(['HIV'])];

describe('the notice', () => {
  it.each([
    ['of another', [{ label: SUD, origin: 'hospital' }], SUD],
    [
      'of several',
      [
        { label: SUD, origin: 'hospital' },
        { label: HIV, origin: 'clinic' },
      ],
      SUD | HIV,
    ],
    ['of one’s own', [{ label: SUD, origin: 'center' }], 0],
    ['without labels', [{ label: 0, origin: 'hospital' }], 0],
  ])('is about what is shown %s', (_name, shown, mask) => {
    expect(disclosedTo('center', shown)).toBe(mask);
  });

  it('is the statement of 42 CFR 2.32 for substance use, and another for what state law protects', () => {
    expect(shortNotice(SUD)).toBe('42 CFR part 2 prohibits unauthorized use or disclosure of these records.');
    expect(noticeIssues(SUD | HIV).map(({ details }) => details?.text)).toEqual([
      expect.stringContaining('protected by Federal confidentiality rules (42 CFR part 2)'),
      expect.stringContaining('state law'),
    ]);
    expect(noticeIssues(0)).toEqual([]);
  });

  it('fits into a header', () => {
    for (const label of ['SUD', 'PSYTHPN', 'HIV'] as const)
      expect(shortNotice(maskOf([label]))).toMatch(/^[\x20-\x7e]{20,200}$/);
  });

  it('labels a Bundle as high as what it holds', () => {
    expect(bundleSecurity(SUD | HIV).map(({ code }) => code)).toEqual(['R', 'SUD', 'HIV', 'NORDSCLCD']);
    expect(bundleSecurity(HIV).map(({ code }) => code)).toEqual(['R', 'HIV']);
  });
});
