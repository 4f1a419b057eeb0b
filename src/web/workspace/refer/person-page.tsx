import type { Patient, ServiceRequest } from '@medplum/fhirtypes';
import { Form } from '../../components/form.tsx';
import { Head } from '../../components/head.tsx';
import { personName } from '../../seen.ts';
import { tellingApart } from './start-page.tsx';
import { Steps, stepPath } from './steps.tsx';

interface PersonProps {
  request: ServiceRequest;
  patient: Patient;
  token: string;
}

/** Whom a draft is for. It is for nobody else: what is attached to it is theirs. */
export function PersonPage({ request, patient, token }: PersonProps) {
  const id = request.id ?? '';
  return (
    <>
      <Head title="Who is it for?" up={{ path: '/refer', label: 'Refer' }} />
      <Steps id={id} at="person" reached="places" />
      <section class="card" aria-label="The person">
        <p>
          <a href={`/patients/${patient.id}`}>
            <strong>{personName(patient) ?? 'Without a name'}</strong>
          </a>
          <span class="detail">{tellingApart(patient)}</span>
        </p>
        <div class="actions">
          <a class="button" href={stepPath(id, 'need')}>
            Continue
          </a>
          <Form action={`/refer/${id}/discard`} token={token} look="beside">
            <button type="submit" class="second">
              It is for somebody else: discard this draft
            </button>
          </Form>
        </div>
      </section>
    </>
  );
}
