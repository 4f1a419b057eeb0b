import { isDeepStrictEqual } from 'node:util';
import type { EpisodeOfCare, ServiceRequest, Task } from '@medplum/fhirtypes';
import { expect } from 'vitest';
import { nextStepOf } from '../../src/referral/lifecycle/next-step.ts';
import {
  childrenOf,
  codeOf,
  hubs,
  requestOf,
  rootsOf,
  tasksOf,
  terminal,
  type View,
  working,
} from '../cases/lifecycle-oracle.ts';

const pairs: Record<string, (string | undefined)[]> = {
  draft: [undefined],
  requested: ['2.0'],
  accepted: ['3.0'],
  rejected: ['4.0'],
  'in-progress': ['in-progress', '5.1.1', '5.1.2', '5.1.3', '5.1.4', '5.2'],
  'on-hold': ['waitlisted'],
  completed: ['7.0'],
  failed: ['4.0'],
  cancelled: ['4.0', '6.0'],
  'entered-in-error': [undefined],
};

/** What must hold of a referral after every step, whatever the step was. */
export function expectInvariants(view: View): void {
  for (const task of tasksOf(view)) {
    const mirrored = hubs(view, task) && task.status === 'in-progress' ? ['3.0', 'waitlisted'] : [];
    expect([...(pairs[task.status] ?? []), ...mirrored], `${task.status}`).toContain(codeOf(task));
    expect((task.extension ?? []).filter(one => one.url.endsWith('/next-step')).length).toBeLessThanOrEqual(
      1,
    );
  }
  expectTurns(view);
  for (const root of rootsOf(view).filter(one => hubs(view, one))) expectAgreement(view, root);
  expectStandings(view);
}

/** No open loop: every referral that is not closed has one party whose turn it is, an action and a due time. */
function expectTurns(view: View): void {
  const roots = rootsOf(view);
  const request = requestOf(view);
  const inError = request.status === 'entered-in-error';
  const closed = inError || ['completed', 'revoked'].includes(request.status);
  const parties = ['source', view.world.hub, 'outsider', 'target', 'shelter', 'other-center'];
  for (const task of tasksOf(view)) {
    const step = nextStepOf(task);
    if (step) {
      expect(parties).toContain(step.turn);
      expect(Number.isNaN(Date.parse(step.due))).toBe(false);
    }
    if (!task.partOf && (inError || (closed && terminal(task))))
      expect(step, 'a closed referral').toBeUndefined();
    else if (!terminal(task)) expect(step, `${task.status} has no next step`).toBeDefined();
    else if (task.partOf) expect(step, 'what is over below').toBeUndefined();
  }
  if (closed) return;
  const over = roots.filter(terminal);
  const holders = over.filter(task => nextStepOf(task));
  const standing = over.filter(task => task.status !== 'entered-in-error');
  const carried = roots.some(task => !terminal(task));
  expect(holders.length, 'who closes or chooses again').toBe(carried || standing.length === 0 ? 0 : 1);
  for (const task of holders) expect(nextStepOf(task)?.turn).toBe('source');
}

/** The sender's Task and those below agree; what was reported below has arrived above. */
function expectAgreement(view: View, root: Task): void {
  const children = childrenOf(view, root);
  const active = children.filter(working);
  expect(active.length, 'one works at a time').toBeLessThanOrEqual(1);
  for (const output of children.flatMap(child => child.output ?? [])) {
    expect(
      root.output?.some(one => isDeepStrictEqual(one, output)),
      'outputs reach the sender',
    ).toBe(true);
  }
  if (terminal(root)) {
    expect(children.every(terminal), 'nothing stays open below').toBe(true);
    for (const child of children)
      expect(view.world.read<ServiceRequest>(child.focus?.reference ?? '').status).not.toBe('active');
    return;
  }
  expect(
    children.some(child => child.status === 'completed'),
    'completed below is completed above',
  ).toBe(false);
  const [working1] = active;
  // Where the hub asks to cancel below by itself, the sender's Task does not say that its sender did.
  const mirrored =
    working1 && codeOf(working1) === '5.2' && codeOf(root) !== '5.2'
      ? 'in-progress'
      : working1 && codeOf(working1);
  if (working1) expect([root.status, codeOf(root)]).toEqual(['in-progress', mirrored]);
  if (!working1) expect(codeOf(root), 'a cancellation waits for somebody').not.toBe('5.2');
  const step = nextStepOf(root);
  if (working1 && root.status !== 'draft') expect(step).toEqual(nextStepOf(working1));
}

/** An episode for each acceptance by who treats, none for a shelter, and none left planned where it was called off. */
function expectStandings(view: View): void {
  const episodes = [...view.world.resources.values()].filter(
    one => one.resourceType === 'EpisodeOfCare',
  ) as EpisodeOfCare[];
  expect(episodes.some(one => one.managingOrganization?.reference === 'Organization/shelter')).toBe(false);
  for (const task of tasksOf(view).filter(working)) {
    const owner = task.owner?.reference;
    if (owner === 'Organization/shelter' || hubs(view, task)) continue;
    const own = episodes.filter(
      one =>
        one.managingOrganization?.reference === owner &&
        one.referralRequest?.[0]?.reference === task.focus?.reference,
    );
    expect(
      own.some(one => ['planned', 'waitlist', 'active', 'onhold'].includes(one.status)),
      'an episode at work',
    ).toBe(true);
  }
}
