import { canonical } from '../../fhir/canonical.ts';

/** Resource types that can be subscribed to. */
export const subscribable = ['Task', 'ServiceRequest', 'Appointment'] as const;
export type Subscribable = (typeof subscribable)[number];

/** What a subscription can be about, in the manner of R5's SubscriptionTopic: each create and update of a type. */
export interface Topic {
  url: string;
  title: string;
  type: Subscribable;
  /** Search parameters that narrow it (`canFilterBy`). */
  filters: readonly string[];
}

export const topics: readonly Topic[] = [
  {
    url: `${canonical}/SubscriptionTopic/task-changed`,
    title: 'A Task was created or changed',
    type: 'Task',
    filters: [
      'owner',
      'requester',
      'status',
      'business-status',
      'code',
      'patient',
      'focus',
      'part-of',
      'priority',
      'intent',
      'identifier',
      'group-identifier',
    ],
  },
  {
    url: `${canonical}/SubscriptionTopic/service-request-changed`,
    title: 'A ServiceRequest was created or changed',
    type: 'ServiceRequest',
    filters: [
      'requester',
      'performer',
      'status',
      'intent',
      'priority',
      'category',
      'code',
      'patient',
      'identifier',
    ],
  },
];

export const isSubscribable = (type: string): type is Subscribable =>
  (subscribable as readonly string[]).includes(type);
