/** What the matrix varies. Every combination of the three is one world: a person with records of their own. */
export const relationships = [
  'offered',
  'accepted-treating',
  'accepted-not-treating',
  'declined',
  'withdrawn',
  'expired',
  'completed-within-grace',
  'completed-after-grace',
  'completed-case-open',
  'care-team-member',
  'none',
] as const;
export const labels = ['none', 'SUD', 'PSYTHPN', 'SDV'] as const;
export const consents = [
  'none',
  'names the recipient',
  'names somebody else',
  'revoked',
  'expired',
  'general designation',
  'permitted and denied',
] as const;

export type Relationship = (typeof relationships)[number];
export type WorldLabel = (typeof labels)[number];
export type ConsentState = (typeof consents)[number];

export interface Facts {
  relationship: Relationship;
  label: WorldLabel;
  consent: ConsentState;
}

export const every: readonly Facts[] = relationships.flatMap(relationship =>
  labels.flatMap(label => consents.map(consent => ({ relationship, label, consent }))),
);

/**
 * Who asks: the source of the record, the recipient in its relationship, the same with a token for Tasks alone,
 * another center that accepted a referral of the person too, an organization without any relationship, a bot.
 */
export const actors = ['source', 'recipient', 'narrow', 'clinic', 'stranger', 'bot'] as const;
export type ActorName = (typeof actors)[number];

/**
 * What is asked for. `attached` came with the request, `unattached` is the rest of the source's record, `note` is
 * what the clinic wrote later; these and `entry`, a Location of the source's directory, carry the label. So do
 * `copy` and `offer`: the request that the hub made from another one of the source's, and the Task by which it asks who
 * is asked for `request`, who answers both in the same way.
 */
export const subjects = [
  'patient',
  'request',
  'attached',
  'unattached',
  'note',
  'task',
  'output',
  'entry',
  'copy',
  'offer',
] as const;
export type Subject = (typeof subjects)[number];

export const typeOf: Record<Subject, string> = {
  patient: 'Patient',
  request: 'ServiceRequest',
  attached: 'Condition',
  unattached: 'Condition',
  note: 'Observation',
  task: 'Task',
  output: 'Procedure',
  entry: 'Location',
  copy: 'ServiceRequest',
  offer: 'Task',
};
