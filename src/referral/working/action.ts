import type { Resource, ServiceRequest, Task } from '@medplum/fhirtypes';
import type { WriteOperation } from '../../fhir/repository.ts';
import type { EventName } from '../lifecycle/table.ts';
import type { Party } from '../lifecycle/transition.ts';
import type { InputDefinition, Inputs } from './inputs.ts';

/** One referral Task, and who wants to work on it. Organizations are ids. */
export interface Work {
  task: Task & { id: string };
  request: ServiceRequest | undefined;
  /** What the actor is to the Task. */
  parties: ReadonlySet<Party>;
  /** The actor's own organization. */
  organization: string;
  source: string;
  target: string | undefined;
  /** Who answers questions: the sender, also where the hub asks in its name. */
  asker: string;
  /** The Tasks of those whom the hub asks, below a Task of the hub's. */
  children: readonly (Task & { id: string })[];
  hub: string;
  now: Date;
  read<R extends Resource>(reference: string): Promise<R | undefined>;
  /** Resources of the actor's own organization that refer to this, by a search parameter of theirs. */
  own<R extends Resource>(type: string, parameter: string, target: string): Promise<(R & { id: string })[]>;
  /** Those of any organization. */
  about<R extends Resource>(type: string, parameter: string, target: string): Promise<(R & { id: string })[]>;
  organizationOf(reference: string | undefined): Promise<string | undefined>;
}

/** What an action writes in one commit. What is added to the Task's lists is added, not replaced. */
export interface Change {
  set?: Partial<Task>;
  note?: string | undefined;
  input?: NonNullable<Task['input']>;
  output?: NonNullable<Task['output']>;
  also?: readonly WriteOperation[];
}

/** Something that a party does with a referral: one operation of the API, one button of a page. */
export interface Action {
  /** Of the operation, without the `$`. */
  name: string;
  title: string;
  /** What it does, for who might do it. */
  means: string;
  /** Events of the lifecycle that it is, one of which must be open; absent: `when` alone decides. */
  events?: readonly EventName[];
  /** What must hold besides. */
  when?(work: Work): boolean;
  /** Open also where the table has no such event: what is added is an edit of a Task that is over. */
  afterwards?(work: Work): boolean;
  /** Whether it has been done already, where the state alone does not say so. */
  done?(work: Work): boolean;
  inputs: readonly InputDefinition[];
  /** What to write, one commit after another. */
  changes(work: Work, inputs: Inputs): Promise<readonly Change[]> | readonly Change[];
}

export const referenceOf = (organization: string): { reference: string } => ({
  reference: `Organization/${organization}`,
});

export const comment: InputDefinition = {
  name: 'comment',
  type: 'string',
  means: 'In words, for the other party: becomes a note of the Task.',
};

export const identifier: InputDefinition = {
  name: 'identifier',
  type: 'Identifier',
  means: "Of the caller's own (system and value): the same call again changes nothing.",
};
