import closure from '../../../terminology/closure-reason.json' with { type: 'json' };
import contact from '../../../terminology/contact-outcome.json' with { type: 'json' };
import decline from '../../../terminology/decline-reason.json' with { type: 'json' };
import hold from '../../../terminology/hold-reason.json' with { type: 'json' };
import received from '../../../terminology/service-received.json' with { type: 'json' };
import { canonical } from '../../fhir/canonical.ts';

/** The codes that an input takes: one code system, whole. */
export interface Vocabulary {
  /** Canonical URL of the ValueSet. */
  valueSet: string;
  system: string;
  /** Displays by code. */
  codes: ReadonlyMap<string, string>;
}

function vocabulary({ id, url, concept }: CodeSystemFile): Vocabulary {
  return {
    valueSet: `${canonical}/ValueSet/${id}`,
    system: url,
    codes: new Map(concept.map(({ code, display }) => [code, display])),
  };
}

interface CodeSystemFile {
  id: string;
  url: string;
  concept: readonly { code: string; display: string }[];
}

export const declineReasons = vocabulary(decline);
export const holdReasons = vocabulary(hold);
export const closureReasons = vocabulary(closure);
export const contactOutcomes = vocabulary(contact);
export const serviceReceived = vocabulary(received);

/** How somebody was contacted: codes of v3 ParticipationMode (ValueSet of the hub: contact-medium). */
export const contactMedia: Vocabulary = {
  valueSet: `${canonical}/ValueSet/contact-medium`,
  system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationMode',
  codes: new Map([
    ['PHONE', 'telephone'],
    ['SMSWRIT', 'SMS message'],
    ['EMAILWRIT', 'email'],
    ['FAXWRIT', 'telefax'],
    ['MAILWRIT', 'mail'],
    ['FACE', 'face-to-face'],
    ['VIDEOCONF', 'videoconferencing'],
  ]),
};
