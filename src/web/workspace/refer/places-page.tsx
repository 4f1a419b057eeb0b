import type { Patient, ServiceRequest, Task } from '@medplum/fhirtypes';
import type { HubError } from '../../../errors.ts';
import { type ChangeSet, whatWouldHaveToChange } from '../../../referral/routing/changes.ts';
import { told } from '../../../referral/routing/explain.ts';
import { canBeChosen } from '../../../referral/routing/plan.ts';
import type { Excluded, Ranked, Ranking } from '../../../referral/routing/rank.ts';
import { Form, Problem } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import { Icon } from '../../components/icon.tsx';
import { Empty } from '../../components/notice.tsx';
import { needWords, personName } from '../../seen.ts';
import { readingOf, tellingExcluded } from './judged.ts';
import { Reasons } from './reasons.tsx';
import { Steps, stepPath } from './steps.tsx';
import { referencesOf } from './wanted.ts';
import { idsOf, mostAtOnce, wayOf } from './way.ts';

interface PlacesProps {
  request: ServiceRequest;
  task: Task;
  patient: Patient;
  ranking: Ranking;
  token: string;
  problem?: HubError | undefined;
}

/** So many are shown at once. */
const mostShown = 10;

/** Who could take it, best first, and why; who could not, and why not. */
export function PlacesPage({ request, task, patient, ranking, token, problem }: PlacesProps) {
  const id = request.id ?? '';
  const { ranked, excluded } = ranking;
  const way = wayOf(task);
  const chosen = way?.kind === 'these' ? idsOf(way.services) : [];
  const action = stepPath(id, 'places');
  return (
    <>
      <Head title="Who could take it?" up={{ path: '/refer', label: 'Refer' }}>
        {needWords(request)} for {personName(patient) ?? 'a person without a name'}. Nobody is asked yet.
      </Head>
      <Steps id={id} at="places" reached={way ? 'send' : 'places'} />
      <Problem of={problem} />
      {ranked.length > 0 ? (
        <Form action={action} token={token} look="places">
          <Order ranked={ranked} />
          <ol class="candidates">
            {ranked.slice(0, mostShown).map((entry, index) => (
              <Place
                entry={entry}
                rank={index + 1}
                alone={ranked.length === 1}
                chosen={chosen.includes(entry.candidate.id)}
              />
            ))}
          </ol>
          {ranked.length > mostShown && (
            <p class="quiet">{ranked.length - mostShown} more would follow in this order.</p>
          )}
          {ranked.length > 1 && <Together />}
        </Form>
      ) : (
        <Nobody excluded={excluded} id={id} />
      )}
      <Avoided task={task} action={action} token={token} />
      <NotAsked excluded={excluded} action={action} token={token} open={ranked.length === 0} />
    </>
  );
}

/** The usual way, in one step. */
function Order({ ranked: [best, next] }: { ranked: readonly Ranked[] }) {
  return (
    <div class="card order">
      <p>
        {next
          ? `${best?.candidate.name} is asked first. If it declines or does not answer in time, the next one is asked, without you.`
          : `${best?.candidate.name} is asked. If it cannot, you are told at once.`}
      </p>
      <button type="submit" name="cascade" value="yes">
        {next ? 'Ask in this order' : 'Ask this place'}
      </button>
    </div>
  );
}

interface PlaceProps {
  entry: Ranked;
  rank: number;
  alone: boolean;
  chosen: boolean;
}

function Place({ entry, rank, alone, chosen }: PlaceProps) {
  const { id, name, organization } = entry.candidate;
  const { first, more } = readingOf(entry);
  return (
    <li class="card candidate" aria-labelledby={`place-${id}`}>
      <div class="candidate-head">
        <h2 id={`place-${id}`}>
          <span class="rank">{rank}</span> <a href={`/directory/${id}`}>{name}</a>
        </h2>
        <span class="detail">Fits {Math.round(entry.score)} of 100</span>
      </div>
      <Reasons reasons={first} />
      {more.length > 0 && (
        <details class="fold">
          <summary>
            {more.length === 1 ? 'One more reason' : `${more.length} more reasons`}
            <span class="hidden"> for {name}</span>
          </summary>
          <Reasons reasons={more} />
        </details>
      )}
      {!alone && (
        <div class="actions">
          <label class="choice">
            <input type="checkbox" name="place" value={id} {...(chosen ? { checked: true } : {})} />
            <span>
              Choose<span class="hidden"> {name}</span>
            </span>
          </label>
          <button type="submit" class="second small" name="only" value={id}>
            Ask only this place<span class="hidden"> {name}</span>
          </button>
          <button type="submit" class="link" name="avoid" value={organization}>
            Do not ask<span class="hidden"> {name}</span>
          </button>
        </div>
      )}
    </li>
  );
}

/** For the places that are ticked. */
const Together = () => (
  <div class="card together">
    <p>With up to {mostAtOnce} places chosen:</p>
    <div class="actions">
      <button type="submit" class="second" name="compare" value="yes">
        Compare them
      </button>
      <button type="submit" class="second" name="these" value="yes">
        Ask them at the same time
      </button>
    </div>
    <p class="quiet">Asked at the same time, the first to accept has it, and the others are told.</p>
  </div>
);

function Nobody({ excluded, id }: { excluded: readonly Excluded[]; id: string }) {
  const changes = whatWouldHaveToChange(tellingExcluded(excluded)).slice(0, 5);
  return (
    <Empty
      icon="map-pin"
      title="Nobody in the directory fits this request"
      action={
        <a class="button" href={stepPath(id, 'need')}>
          Change the request
        </a>
      }
    >
      {changes.length > 0 ? (
        <>
          <p>Somebody would, if one of these were different:</p>
          <ul class="changes">
            {changes.map((one: ChangeSet) => (
              <li>{told(one)}</li>
            ))}
          </ul>
        </>
      ) : (
        <p>The draft is kept. Ask for another kind of service, or look in the directory whom to call.</p>
      )}
    </Empty>
  );
}

interface OtherProps {
  action: string;
  token: string;
}

function Avoided({ task, action, token }: OtherProps & { task: Task }) {
  const avoided = referencesOf(task, 'avoid');
  if (avoided.length === 0) return null;
  return (
    <section aria-labelledby="avoided">
      <h2 id="avoided">Not to be asked</h2>
      <ul>
        {avoided.map(({ reference, display }) => (
          <li>
            <Form action={action} token={token} look="beside">
              {display ?? reference}{' '}
              <button type="submit" class="link" name="allow" value={reference ?? ''}>
                May be asked after all
              </button>
            </Form>
          </li>
        ))}
      </ul>
    </section>
  );
}

function NotAsked({
  excluded,
  action,
  token,
  open,
}: OtherProps & { excluded: readonly Excluded[]; open: boolean }) {
  const telling = tellingExcluded(excluded);
  if (telling.length === 0) return null;
  return (
    <details class="fold not-asked" {...(open ? { open: true } : {})}>
      <summary>
        {telling.length === 1 ? 'One place does not fit' : `${telling.length} places do not fit`}
      </summary>
      <ul class="candidates">
        {telling.map(entry => (
          <ExcludedPlace entry={entry} action={action} token={token} />
        ))}
      </ul>
    </details>
  );
}

function ExcludedPlace({ entry, action, token }: OtherProps & { entry: Excluded }) {
  const { id, name } = entry.candidate;
  return (
    <li class="card candidate">
      <h3>
        <a href={`/directory/${id}`}>{name}</a>
      </h3>
      <ul class="reasons">
        {entry.facts.map(({ words }) => (
          <li class="against">
            <Icon name="ban" /> {words}
          </li>
        ))}
      </ul>
      {canBeChosen(entry) && (
        <details class="fold">
          <summary>
            Ask all the same<span class="hidden"> {name}</span>
          </summary>
          <Form action={action} token={token} look="beside-fields">
            <label class="grow">
              <span>Why this place</span>
              <input name="reason" autocomplete="off" required maxlength={500} />
            </label>
            <button type="submit" class="second" name="hand" value={id}>
              Choose it
            </button>
          </Form>
        </details>
      )}
    </li>
  );
}
