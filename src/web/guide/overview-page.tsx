import { commandOf, firstReferral, receiver, refusal, sender, tooEarly } from './first-referral.ts';
import { type Guide, pathOf, titleOf } from './guide.ts';
import { LifecycleTable } from './lifecycle-table.tsx';
import { LoopPicture } from './loop-picture.tsx';
import { Command, GuidePage, home } from './parts.tsx';

interface Props {
  guide: Guide;
  /** The FHIR base, e.g. `https://hub.example/fhir`. */
  base: string;
}

/** Where an integrator begins who has never seen the hub. */
export function OverviewPage({ guide, base }: Props) {
  return (
    <GuidePage title={home}>
      <Introduction />
      <Contents guide={guide} />
      <Token base={base} />
      <FirstReferral base={base} />
      <Told base={base} />
      <Errors />
      <section>
        <h2 id="lifecycle">What may follow what</h2>
        <p>
          A Task’s status and business status, by the table that the hub itself decides by. A plain PUT or
          PATCH is enough: the hub reads from the change which event it is, and fills in the business status.
          What is not here is refused, with what is possible instead.
        </p>
        <LifecycleTable />
      </section>
      <Definitions guide={guide} />
    </GuidePage>
  );
}

const Introduction = () => (
  <>
    <p class="lead">
      The hub is a FHIR R4 server that carries a referral from a hospital’s discharge desk to a coded outcome.
      Your system needs no SDK: it reads and writes a few resources, and everybody sees what is theirs to see.
    </p>
    <LoopPicture />
    <p>
      A request is a <a href="/guide/StructureDefinition/referral-request">ServiceRequest</a>; each
      organization that is asked gets a <a href="/guide/StructureDefinition/referral-task">Task</a>. The
      sender polls its own Task, the receiver moves its own. On acceptance a treating provider has an{' '}
      <a href="/guide/StructureDefinition/episode">episode</a>, a{' '}
      <a href="/guide/StructureDefinition/care-team">care team</a> and a draft{' '}
      <a href="/guide/StructureDefinition/service-plan">plan</a>.
    </p>
  </>
);

function Contents({ guide }: { guide: Guide }) {
  return (
    <nav aria-label="On this page">
      <ul class="contents">
        {[
          ['token', 'Get a token'],
          ['first-referral', 'A first referral'],
          ['told', 'See what happened, or be told'],
          ['errors', 'Errors'],
          ['lifecycle', 'What may follow what'],
          ...guide.sections.filter(one => one.definitions.length > 0).map(({ id, title }) => [id, title]),
        ].map(([id, title]) => (
          <li>
            <a href={`#${id}`}>{title}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const Token = ({ base }: { base: string }) => (
  <section>
    <h2 id="token">Get a token</h2>
    <p>
      Your system is a client of one organization and signs in with OAuth 2 client credentials, as SMART
      Backend Services says: with a signed assertion, or here with a secret. The operator of the hub registers
      it. Scopes are SMART v2, for example <code>system/Task.cruds</code>.
    </p>
    <Command>{`curl -s ${base.replace(/\/fhir$/, '/oauth')}/token -u "$CLIENT:$SECRET" \\
  -d grant_type=client_credentials \\
  -d 'scope=system/Task.cruds system/ServiceRequest.cruds system/Patient.cruds'`}</Command>
    <p>On the demo network, where the hub runs, tokens for a first look are printed by:</p>
    <Command>{`SENDER=$(npx hub token --client ${sender})
RECEIVER=$(npx hub token --client ${receiver})`}</Command>
    <p>
      All that the server can do, made from what is there: <a href="/fhir/metadata">/fhir/metadata</a>, and{' '}
      <a href="/fhir/.well-known/smart-configuration">how to sign in</a>.
    </p>
  </section>
);

const FirstReferral = ({ base }: { base: string }) => (
  <section>
    <h2 id="first-referral">A first referral</h2>
    <ol class="walk">
      {firstReferral.map(request => (
        <li>
          <p>{request.what}</p>
          <Command>{commandOf(request, base)}</Command>
        </li>
      ))}
    </ol>
    <p>
      <code>$TASK</code> is the id that the answer to the first gives the Task. Send <code>If-Match</code>{' '}
      with the version you read (<code>W/"3"</code>) to change nothing that somebody else has changed
      meanwhile.
    </p>
  </section>
);

const Told = ({ base }: { base: string }) => (
  <section>
    <h2 id="told">See what happened, or be told</h2>
    <p>
      Poll your own Tasks, by when they last changed. The extension{' '}
      <a href="/guide/StructureDefinition/next-step">next-step</a> on each says whose turn it is, what is next
      and by when; notes say in words what happened.
    </p>
    <Command>{`curl -s '${base}/Task?requester=Organization/${sender}&_lastUpdated=gt2026-03-01T00:00:00Z&_include=Task:focus' \\
  -H "Authorization: Bearer $SENDER"`}</Command>
    <p>
      Or subscribe: the hub posts to an address of yours, signed, in order, and again until you have taken it.
      The header <code>Webhook-Secret</code> of the answer is the secret of the signature, told this once.
    </p>
    <Command>{`curl -si -X POST ${base}/Subscription -H "Authorization: Bearer $RECEIVER" \\
  -H 'Content-Type: application/fhir+json' -d @- <<'END'
${JSON.stringify(subscription, null, 2)}
END`}</Command>
  </section>
);

/** What the receiver wants to be told of. */
const subscription = {
  resourceType: 'Subscription',
  status: 'requested',
  reason: 'Tell our EHR of referrals',
  criteria: `Task?owner=Organization/${receiver}&status=requested`,
  channel: { type: 'rest-hook', endpoint: 'https://ehr.example/hooks/hub' },
};

const Errors = () => (
  <section>
    <h2 id="errors">Errors</h2>
    <p>
      Always an OperationOutcome: what is wrong, where (<code>expression</code>), and what would be right. A
      step that the lifecycle does not have is 422 and names what is possible from here; a stale{' '}
      <code>If-Match</code> is 412; what is not yours to see is 404, as if it were not there.
    </p>
    <p>{tooEarly.what}, for example, is answered:</p>
    <Command>{JSON.stringify(refusal, null, 2)}</Command>
  </section>
);

function Definitions({ guide }: { guide: Guide }) {
  return (
    <>
      {guide.sections
        .filter(({ definitions }) => definitions.length > 0)
        .map(({ id, title, about, definitions }) => (
          <section>
            <h2 id={id}>{title}</h2>
            <p>{about}</p>
            <ul class="definitions">
              {definitions.map(one => (
                <li>
                  <a href={pathOf(one)}>{titleOf(one)}</a>
                  {one.description && <span class="detail">{one.description}</span>}
                </li>
              ))}
            </ul>
          </section>
        ))}
    </>
  );
}
