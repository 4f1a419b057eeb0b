/** The hub's own canonical base and the code systems it speaks (profiles/ and terminology/ define ours). */
export const canonical = 'https://warmhandoff.example/fhir';

export const system = {
  /** Steps people work with, mapped to BSeR (terminology/). */
  referralStatus: `${canonical}/CodeSystem/referral-status`,
  declineReason: `${canonical}/CodeSystem/decline-reason`,
  closureReason: `${canonical}/CodeSystem/closure-reason`,
  nextAction: `${canonical}/CodeSystem/next-action`,
  /** Why the hub itself ended or marked something: an offer expired, another accepted, no reason was given. */
  hubReason: `${canonical}/CodeSystem/hub-reason`,
  careTeamRole: `${canonical}/CodeSystem/care-team-role`,
  /** What a person is to their organization (src/access/roles.ts). */
  personRole: `${canonical}/CodeSystem/person-role`,
  /** http://hl7.org/fhir/us/bser: 2.0 created, 3.0 accepted, … 7.0 completed. */
  bserStatus: 'http://hl7.org/fhir/us/bser/CodeSystem/TaskBusinessStatusCS',
  taskCode: 'http://hl7.org/fhir/CodeSystem/task-code',
  serviceType: 'http://terminology.hl7.org/CodeSystem/service-type',
  organizationType: 'http://terminology.hl7.org/CodeSystem/organization-type',
  nucc: 'http://nucc.org/provider-taxonomy',
  /** Identifiers the hub itself gives out. */
  hubIdentifier: `${canonical}/NamingSystem/hub`,
} as const;

export const extension = {
  /** On a referral Task: whose turn (`turn`), what next (`action`), by when (`due`). */
  nextStep: `${canonical}/StructureDefinition/next-step`,
  /** On a referral Task that rests or was cancelled while under way: the business status it stood at before. */
  priorStep: `${canonical}/StructureDefinition/prior-step`,
} as const;
