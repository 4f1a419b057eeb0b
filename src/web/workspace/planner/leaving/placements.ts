import type { ServiceRequest, Task } from '@medplum/fhirtypes';
import { hubOrganization } from '../../../../hub-organization.ts';
import { nextStepOf } from '../../../../referral/lifecycle/next-step.ts';
import { parentOf, requestOf } from '../../../../referral/lifecycle/referral-task.ts';
import { isOffered, isTerminal } from '../../../../referral/lifecycle/state.ts';
import { leading } from '../../../referrals.ts';
import { needWords, type Seen } from '../../../seen.ts';
import { statusWords } from '../../../status-words.ts';
import type { Placement, Standing } from './leaver.ts';

/**
 * The referrals of one person that count for their leaving, as the organization `reader` sees them: what is open, and
 * what was done since then. What another has taken over, and what was given up, is left out.
 */
export function placementsOf(
  tasks: readonly Task[],
  seen: Omit<Seen, 'next'>,
  { reader, since }: { reader: string; since: Date },
): Placement[] {
  const ids = new Set(tasks.map(({ id }) => `Task/${id}`));
  return tasks
    .filter(task => !ids.has(parentOf(task) ?? ''))
    .flatMap(task => {
      const byHub = seen.organizationOf(task.owner) === hubOrganization;
      const below = byHub ? leading(seen.below(task)) : undefined;
      const standing = standingOf(task, below, { reader, since });
      if (!standing) return [];
      const place = byHub ? below && seen.organizationOf(below.owner) : seen.organizationOf(task.owner);
      return [
        {
          task: task.id ?? '',
          request: requestOf(task)?.split('/')[1] ?? '',
          need: needWords(seen.get<ServiceRequest>(task.focus)) ?? 'Referral',
          ...(place ? { place: seen.nameOf(place) } : {}),
          status:
            byHub && !below && !isTerminal(task) && task.status !== 'draft'
              ? 'Finding a place'
              : statusWords(task, below),
          standing,
        },
      ];
    });
}

/** Undefined: it does not count, for it is over and nothing came of it, or long ago. */
export function standingOf(
  task: Task,
  below: Task | undefined,
  { reader, since }: { reader: string; since: Date },
): Standing | undefined {
  if (task.status === 'entered-in-error') return undefined;
  if (task.status === 'draft') return 'draft';
  const step = nextStepOf(task);
  if (step?.turn === reader && (step.action === 'choose-again' || step.action === 'decide')) return 'choose';
  if (step?.turn === reader && step.action === 'provide-information') return 'question';
  if (task.status === 'completed') return endOf(task) >= since ? 'done' : undefined;
  if (isTerminal(task)) return undefined;
  if (task.status === 'on-hold' || below?.status === 'on-hold') return 'on-hold';
  const asked = isOffered(task) || (isHubs(task) && (!below || isOffered(below) || isTerminal(below)));
  return asked ? 'asked' : 'taken';
}

const isHubs = ({ owner }: Task): boolean => owner?.reference === `Organization/${hubOrganization}`;

const endOf = (task: Task): Date =>
  new Date(task.lastModified ?? task.meta?.lastUpdated ?? task.authoredOn ?? 0);
