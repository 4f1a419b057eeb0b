import type { AuditEvent } from '@medplum/fhirtypes';
import type { Tone } from '../../components/mark.tsx';

/** An AuditEvent as people read it: who did what, with what, and what came of it. */
export interface AuditRow {
  /** Of the AuditEvent. */
  id: string;
  at: Date;
  /** `person`, `client`, `bot`, `link`, `hub`, `unknown`. */
  agentKind: string;
  /** Account, client or bot. */
  agent: string;
  /** Organization (logical id) that it acted for. */
  organization?: string;
  /** As in `… {did} …`. */
  did: string;
  /** Logical id of the person it was about. */
  patient?: string;
  /** `Task/7`, without the patient. */
  resources: string[];
  /** What kind of thing was looked for. */
  search?: string;
  purpose?: string;
  outcome: { tone: Tone; words: string };
  /** Network address it came from. */
  address?: string;
}

const organizationRole = 'PROV';

export function rowOf(event: AuditEvent): AuditRow {
  const requestor = event.agent.find(one => one.requestor);
  const organization = event.agent
    .find(one => one.type?.coding?.some(({ code }) => code === organizationRole))
    ?.who?.reference?.split('/')[1];
  const entities = event.entity ?? [];
  const referenced = (role: string) =>
    entities.flatMap(one => (one.role?.code === role && one.what?.reference ? [one.what.reference] : []));
  const [patient] = referenced('1').map(reference => reference.split('/')[1]);
  const search = entities.find(one => one.role?.code === '24')?.description;
  const address = event.agent.find(one => one.network?.type === '2')?.network?.address;
  const purpose = event.purposeOfEvent?.[0]?.text;
  return {
    id: event.id ?? '',
    at: new Date(event.recorded),
    agentKind: requestor?.who?.display?.split(' ', 1)[0] ?? 'unknown',
    agent: requestor?.who?.identifier?.value ?? '',
    ...(organization ? { organization } : {}),
    did: didWords(event),
    ...(patient ? { patient } : {}),
    resources: referenced('4').filter(reference => reference.split('/_history/')[0] !== `Patient/${patient}`),
    ...(search ? { search } : {}),
    ...(purpose ? { purpose: purposeWords(purpose) } : {}),
    outcome: outcomeWords(event),
    ...(address ? { address } : {}),
  };
}

/** By interaction (https://hl7.org/fhir/R4/valueset-restful-interaction.html) and by the hub's own codes. */
const verbs: Record<string, string> = {
  read: 'read',
  vread: 'read an earlier version of',
  create: 'made',
  update: 'changed',
  patch: 'changed',
  delete: 'deleted',
  'history-instance': 'read the history of',
  'history-type': 'read the history of',
  'history-system': 'read the history of',
  'search-type': 'searched',
  'search-system': 'searched',
  operation: 'used an operation on',
  '110122': 'signed in',
  password: 'gave a password',
  'second-factor': 'gave a second factor',
  '110137': 'changed an account',
  '110127': 'opened in an emergency',
  unauthorized: 'came without a valid token',
  disclose: 'was sent',
  'bulk-export': 'exported',
  link: 'used a link to',
  'AuthZ-Consent': 'decided by consent about',
  command: 'ran the command',
  interruption: 'found the audit interrupted',
};

function didWords({ subtype = [], action }: AuditEvent): string {
  const code = subtype[0]?.code ?? '';
  // What a write answers with is read too, under the name of the write.
  if (code === 'create' && action === 'R') return 'read';
  return verbs[code] ?? subtype[0]?.display?.replace(/^Account: /, 'account: ') ?? 'did';
}

const purposes: Record<string, string> = {
  ETREAT: 'Emergency treatment',
  BTG: 'Break the glass',
  TREAT: 'Treatment',
};

export const purposeWords = (purpose: string): string => purposes[purpose] ?? purpose;

function outcomeWords({ outcome, outcomeDesc }: AuditEvent): AuditRow['outcome'] {
  if (outcome === undefined || outcome === '0') return { tone: 'good', words: 'Done' };
  if (outcomeDesc === 'not-found' || outcomeDesc === 'gone') return { tone: 'plain', words: 'Not there' };
  if (outcome === '4') return { tone: 'attention', words: 'Refused' };
  return { tone: 'late', words: 'Failed' };
}
