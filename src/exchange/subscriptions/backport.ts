/** https://hl7.org/fhir/uv/subscriptions-backport/STU1.1 : the names of what R4 carries of R5's subscriptions. */
const guide = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition';

export const backport = {
  filterCriteria: `${guide}/backport-filter-criteria`,
  payloadContent: `${guide}/backport-payload-content`,
  topicCanonical: `${guide}/backport-topic-canonical`,
  maxCount: `${guide}/backport-max-count`,
  timeout: `${guide}/backport-timeout`,
  heartbeatPeriod: `${guide}/backport-heartbeat-period`,
  notification: `${guide}/backport-subscription-notification-r4`,
  status: `${guide}/backport-subscription-status-r4`,
} as const;

export const payloadContents = ['empty', 'id-only', 'full-resource'] as const;
export type PayloadContent = (typeof payloadContents)[number];
