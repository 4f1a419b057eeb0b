import { Mark, type Tone } from '../../../components/mark.tsx';
import { Time } from '../../../components/time.tsx';
import { dayWords } from '../day-words.ts';
import type { ConsentState, ConsentWords } from './consents.ts';
import { Part } from './part.tsx';

interface ConsentsProps {
  /** Absent: the reader may not see consents. */
  consents: readonly ConsentWords[] | undefined;
  /** What is never shown without a consent. */
  withoutConsent: string;
  zone: string;
}

const stateMarks: Readonly<Record<ConsentState, { tone: Tone; words: string }>> = {
  active: { tone: 'good', words: 'In force' },
  'not-yet': { tone: 'plain', words: 'Not in force yet' },
  proposed: { tone: 'plain', words: 'Not signed' },
  expired: { tone: 'attention', words: 'Expired' },
  revoked: { tone: 'attention', words: 'Withdrawn' },
};

/** What may be shown to whom, in sentences. */
export function Consents({ consents, withoutConsent, zone }: ConsentsProps) {
  if (!consents) return null;
  return (
    <Part id="consents" title="Consents">
      {consents.length === 0 && <p>No consent is recorded that you may see.</p>}
      {consents.length > 0 && (
        <ul class="plain">
          {consents.map(({ state, sentence, why, until }) => (
            <li>
              <div class="line">
                <Mark tone={stateMarks[state].tone}>{stateMarks[state].words}</Mark>
                {until && (
                  <span class="quiet">
                    {state === 'expired' ? 'since ' : 'until '}
                    <Time at={until} words={dayWords(until, zone)} zone={zone} />
                  </span>
                )}
              </div>
              {sentence}
              {why && <span class="detail">{why}</span>}
            </li>
          ))}
        </ul>
      )}
      <p class="quiet">{withoutConsent}</p>
    </Part>
  );
}
