import type { Bundle, OperationOutcome } from '@medplum/fhirtypes';
import { canonical, system } from '../../fhir/canonical.ts';

/** One request of the walk through a first referral, between organizations of the demo network. */
export interface Request {
  what: string;
  /** The API client of whoever asks. */
  as: string;
  method: 'GET' | 'POST' | 'PATCH';
  /** Below the FHIR base; `$TASK` is the id of the Task that the first request made. */
  path: string;
  type?: string;
  body?: unknown;
}

export const sender = 'general-hospital';
export const receiver = 'northside-cmhc';

const organization = (id: string) => ({ reference: `Organization/${id}` });
const profile = (id: string) => ({ profile: [`${canonical}/StructureDefinition/${id}`] });
const urn = {
  patient: 'urn:uuid:7d5c4d3e-9f0a-4c5b-8b1e-0a4c2f6d1e01',
  request: 'urn:uuid:7d5c4d3e-9f0a-4c5b-8b1e-0a4c2f6d1e02',
  task: 'urn:uuid:7d5c4d3e-9f0a-4c5b-8b1e-0a4c2f6d1e03',
};

const bundle: Bundle = {
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    {
      fullUrl: urn.patient,
      request: { method: 'POST', url: 'Patient' },
      resource: {
        resourceType: 'Patient',
        name: [{ family: 'Example', given: ['Ida'] }],
        birthDate: '1985-07-01',
      },
    },
    {
      fullUrl: urn.request,
      request: { method: 'POST', url: 'ServiceRequest' },
      resource: {
        resourceType: 'ServiceRequest',
        meta: profile('referral-request'),
        status: 'active',
        intent: 'order',
        code: { coding: [{ system: `${canonical}/CodeSystem/referral-service`, code: 'case-management' }] },
        subject: { reference: urn.patient },
        requester: organization(sender),
      },
    },
    {
      fullUrl: urn.task,
      request: { method: 'POST', url: 'Task' },
      resource: {
        resourceType: 'Task',
        meta: profile('referral-task'),
        status: 'requested',
        intent: 'order',
        code: { coding: [{ system: system.taskCode, code: 'fulfill' }] },
        focus: { reference: urn.request },
        for: { reference: urn.patient },
        requester: organization(sender),
        owner: organization(receiver),
      },
    },
  ],
};

/** A first referral, from the request to the visit: each can be run as it stands against the demo network. */
export const firstReferral: readonly Request[] = [
  {
    what: 'The hospital sends the person, the request and the Task in one transaction. Whose Task it is decides: an organization is asked directly; Organization/hub looks for one.',
    as: sender,
    method: 'POST',
    path: '',
    type: 'application/fhir+json',
    body: bundle,
  },
  {
    what: 'The center finds what waits for its answer, with the request and the person. It sees nothing else of them yet.',
    as: receiver,
    method: 'GET',
    path: `/Task?owner=Organization/${receiver}&status=requested&_include=Task:focus&_include=Task:patient`,
  },
  {
    what: 'It accepts. From now on it sees the record, and has an episode, a care team and a draft plan.',
    as: receiver,
    method: 'PATCH',
    path: '/Task/$TASK',
    type: 'application/json-patch+json',
    body: [{ op: 'replace', path: '/status', value: 'accepted' }],
  },
  {
    what: 'It has scheduled a visit: the status says that work goes on, the business status which step.',
    as: receiver,
    method: 'PATCH',
    path: '/Task/$TASK',
    type: 'application/json-patch+json',
    body: [
      { op: 'replace', path: '/status', value: 'in-progress' },
      {
        op: 'replace',
        path: '/businessStatus',
        value: { coding: [{ system: system.bserStatus, code: '5.1.1' }] },
      },
    ],
  },
  {
    what: 'The hospital polls its own Tasks and sees each step, with a note in words and whose turn it is.',
    as: sender,
    method: 'GET',
    path: `/Task?requester=Organization/${sender}&_lastUpdated=gt2026-01-01T00:00:00Z&_sort=-_lastUpdated`,
  },
];

/** A step that the lifecycle does not have: to be done before the Task is accepted, and refused. */
export const tooEarly: Request = {
  what: 'On hold before it is accepted',
  as: receiver,
  method: 'PATCH',
  path: '/Task/$TASK',
  type: 'application/json-patch+json',
  body: [{ op: 'replace', path: '/status', value: 'on-hold' }],
};

/** What the hub answers to that. */
export const refusal: OperationOutcome = {
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity: 'error',
      code: 'business-rule',
      details: {
        text: 'The referral is requested, 2.0: the receiver cannot make it "hold" (on-hold). Possible from here for the receiver: accept (accepted), decline (rejected), adding a note, adding an output.',
      },
      expression: ['Task.status'],
    },
  ],
};

/** The request as a command; the token is that of `hub token --client …`. */
export function commandOf({ as, method, path, type, body }: Request, base: string): string {
  const token = as === sender ? '$SENDER' : '$RECEIVER';
  // The shell puts the Task's id in: its name must not be between single quotes.
  const url = path.includes('$TASK') ? `"${base}${path}"` : `'${base}${path}'`;
  const command = `curl -s${method === 'GET' ? '' : ` -X ${method}`} ${url} \\\n  -H "Authorization: Bearer ${token}"`;
  if (body === undefined) return command;
  const text = JSON.stringify(body, null, 2);
  return `${command} -H 'Content-Type: ${type}' -d @- <<'END'\n${text}\nEND`;
}
