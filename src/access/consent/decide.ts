import type { ConsentProvision } from '@medplum/fhirtypes';
import { disclosersOf } from './actors.ts';
import { type Asked, disclosesBySelf, isDenied, notPermitted } from './covers.ts';
import { missingElements } from './elements.ts';
import { elementWords } from './policy.ts';
import { withoutForce } from './standing.ts';

/** What one Consent says of one label, and in words why; `silent` where it says nothing. */
export interface Saying {
  says: 'permit' | 'deny' | 'silent';
  until: number | null;
  because: string;
}

/** One Consent, read from its root: an inner provision refines the outer one, and among equals a denial wins. */
export function decide(asked: Asked): Saying {
  const { facts, question } = asked;
  const { consent, recorderHolds } = facts;
  const flaw = withoutForce(consent, question.patient);
  if (flaw) return silent(flaw);
  if (!consent.provision) return silent('it has no provision');
  const said = ofProvision(consent.provision, [], asked);
  if (said.says === 'permit' && !recorderHolds)
    return silent('who recorded it does not hold the record of the person');
  return said;
}

function ofProvision(provision: ConsentProvision, outer: readonly ConsentProvision[], asked: Asked): Saying {
  const path = [...outer, provision];
  const inner = (provision.provision ?? []).map(one => ofProvision(one, path, asked));
  const decided = strongest(inner);
  if (decided && decided.says !== 'silent') return decided;
  if (provision.type === 'deny' && path.every(one => isDenied(one, asked)))
    return { says: 'deny', until: null, because: 'it denies this' };
  if (provision.type === 'permit') return permit(path, asked);
  return decided ?? silent('it permits nothing');
}

/** A denial before a permit; of permits the one that lasts longest; of silence the first reason in the alphabet. */
export function strongest(sayings: readonly Saying[]): Saying | undefined {
  const denial = sayings.find(({ says }) => says === 'deny');
  if (denial) return denial;
  const permits = sayings.filter(({ says }) => says === 'permit').sort((a, b) => lasts(b) - lasts(a));
  return permits[0] ?? sayings.toSorted((a, b) => (a.because < b.because ? -1 : 1))[0];
}

const lasts = ({ until }: Saying): number => until ?? Number.POSITIVE_INFINITY;

function permit(path: readonly ConsentProvision[], asked: Asked): Saying {
  const { facts, policy, label } = asked;
  for (const provision of path) {
    const reason = notPermitted(provision, asked);
    if (reason) return silent(`its provision ${reason}`);
  }
  if (!path.some(({ securityLabel }) => securityLabel?.length)) return silent(`it does not name ${label}`);
  const namesDiscloser = path.some(one => disclosersOf(one, facts) !== undefined);
  const need = policy.needs[label];
  if (need === 'written' || need === 'written-alone') {
    const missing = missingElements(path, facts, policy);
    if (missing.length) return silent(`it does not say: ${missing.map(elementWords).join('; ')}`);
  }
  if (!namesDiscloser && !disclosesBySelf(asked))
    return silent('it names no discloser that recorded it, or not the one whose records these are');
  if (need === 'written-alone' && !isAlone(facts.consent.provision, label))
    return silent(`${label} needs a consent of its own, and this one permits more`);
  return { says: 'permit', until: endOf(path, asked), because: 'it permits this' };
}

/** Counseling notes: a consent for them is for nothing else (45 CFR 164.508(b)(3)(ii)). */
function isAlone(provision: ConsentProvision | undefined, label: string): boolean {
  if (!provision) return true;
  const { securityLabel = [], provision: inner = [] } = provision;
  if (provision.type === 'deny') return true;
  return securityLabel.every(({ code }) => code === label) && inner.every(one => isAlone(one, label));
}

/** The moment after the last one that all provisions of the path cover. */
function endOf(path: readonly ConsentProvision[], { policy }: Asked): number | null {
  const ends = path.flatMap(({ period }) => {
    const end = period?.end === undefined ? undefined : policy.readDate(period.end);
    return end ? [end.hi + 1] : [];
  });
  return ends.length ? Math.min(...ends) : null;
}

const silent = (because: string): Saying => ({ says: 'silent', until: null, because });
