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
  holdReason: `${canonical}/CodeSystem/hold-reason`,
  /** What the hub itself writes as Task.output.type. */
  referralOutput: `${canonical}/CodeSystem/referral-output`,
  communicationCategory: `${canonical}/CodeSystem/communication-category`,
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
  /** On a referral Task: by when the person has to be seen, in a program with times of access. */
  accessClock: `${canonical}/StructureDefinition/access-clock`,
  /** On a referral Task, repeats: who was told that the next step is overdue. */
  escalation: `${canonical}/StructureDefinition/escalation`,
  /** On a referral Task that was submitted: what tells a repetition from another content. */
  submissionDigest: `${canonical}/StructureDefinition/submission-digest`,
  /** On a referral Task: another open one for the same person and need, which both its parties may see. */
  possibleDuplicate: `${canonical}/StructureDefinition/possible-duplicate`,
} as const;
