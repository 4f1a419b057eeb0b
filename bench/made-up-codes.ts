import type { Concept } from '../src/store/terminology/types.ts';

const words =
  'acute chronic recurrent severe mild moderate unspecified left right bilateral upper lower fracture disorder episode depressive bipolar anxiety substance opioid alcohol withdrawal injury initial subsequent encounter sequela pain fever infection bacterial viral heart lung kidney liver brain eye ear skin bone joint muscle nerve blood vessel pregnancy newborn diabetes hypertension asthma cancer benign malignant neoplasm family history screening'.split(
    ' ',
  );

/** A code system of so many codes: each ten below one, with displays of five words that some share. */
export function madeUpCodes(count: number): Concept[] {
  let seed = 42;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  return Array.from({ length: count }, (_, at) => {
    const display = Array.from({ length: 5 }, () => words[random(words.length)]).join(' ');
    return {
      code: `C${at}`,
      display: `${display} ${(at % 977).toString(36)}`,
      designations: [],
      properties: [{ code: 'kind', value: at % 3 === 0 ? 'finding' : 'disorder', type: 'code' }],
      parents: at === 0 ? [] : [`C${Math.floor((at - 1) / 10)}`],
      inactive: at % 50 === 7,
      abstract: false,
    };
  });
}
