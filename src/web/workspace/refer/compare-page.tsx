import type { ServiceRequest } from '@medplum/fhirtypes';
import type { Ranked } from '../../../referral/routing/rank.ts';
import { Form } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import { needWords } from '../../seen.ts';
import { criteriaOf, criterionLabels, reasonOf, weightOf } from './judged.ts';
import { Weighed } from './reasons.tsx';
import { Steps, stepPath } from './steps.tsx';

interface CompareProps {
  request: ServiceRequest;
  places: readonly Ranked[];
  token: string;
}

/** Up to three places side by side, by everything they were judged by. */
export function ComparePage({ request, places, token }: CompareProps) {
  const id = request.id ?? '';
  const back = stepPath(id, 'places');
  return (
    <>
      <Head title="Compare places" up={{ path: back, label: 'All places' }}>
        {needWords(request)}. Nobody is asked yet.
      </Head>
      <Steps id={id} at="places" reached="places" />
      <Form action={back} token={token} look="compare-form">
        {places.map(({ candidate }) => (
          <input type="hidden" name="place" value={candidate.id} />
        ))}
        {/* What scrolls is scrolled by keyboard too. */}
        <section class="wide-table" aria-label="Comparison" tabindex={0}>
          <table class="compare">
            <thead>
              <tr>
                <td />
                {places.map(({ candidate, score }) => (
                  <th scope="col">
                    <a href={`/directory/${candidate.id}`}>{candidate.name}</a>
                    <span class="detail">Fits {Math.round(score)} of 100</span>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {criteriaOf(places).map(name => (
                <tr>
                  <th scope="row">{criterionLabels[name]}</th>
                  {places.map(place => {
                    const reason = reasonOf(place, name);
                    return reason ? (
                      <td class={weightOf(reason)}>
                        <Weighed reason={reason} />
                      </td>
                    ) : (
                      <td class="quiet">–</td>
                    );
                  })}
                </tr>
              ))}
              <tr>
                <th scope="row">Your choice</th>
                {places.map(({ candidate }) => (
                  <td>
                    <button type="submit" class="second small" name="only" value={candidate.id}>
                      Ask only this place<span class="hidden"> {candidate.name}</span>
                    </button>
                  </td>
                ))}
              </tr>
            </tbody>
          </table>
        </section>
        <p class="actions">
          <button type="submit" class="second" name="these" value="yes">
            Ask {places.length === 2 ? 'both' : `all ${places.length}`} at the same time
          </button>
          <button type="submit" name="cascade" value="yes">
            Ask in the order of the ranking
          </button>
        </p>
      </Form>
    </>
  );
}
