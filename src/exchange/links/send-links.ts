import type { Task } from '@medplum/fhirtypes';
import type { Bot } from '../../events/bot.ts';
import { system } from '../../fhir/canonical.ts';
import { query } from '../../referral/routing/reader.ts';
import { verifyEntry, verifyTaskSystem } from '../../referral/routing/verifying.ts';
import type { LinkSender } from './link-sender.ts';

/**
 * Sends a link to an organization that is asked and has neither a client nor an account, and for each entry of the
 * directory that is to be confirmed. It writes nothing: that a
 * link has left is kept with the link, so that a run that comes again sends none twice; one that was interrupted
 * before its mail had left makes a new link.
 */
export function sendLinks(sender: Pick<LinkSender, 'isDue' | 'send'>): Bot {
  return {
    name: 'send-links',
    description:
      'Sends a link by e-mail to organizations that are asked and have no account, or that are to confirm an entry.',
    on: ['Task'],
    schedule: '*/5 * * * *',
    async due(api) {
      const search = query({
        code: [`${system.taskCode}|fulfill`, `${verifyTaskSystem}|${verifyEntry}`],
        status: 'requested',
        _sort: '_lastUpdated',
      });
      const waiting = await api.search<Task>('Task', search);
      const due = await Promise.all(waiting.map(async task => ((await sender.isDue(task)) ? [task] : [])));
      return due.flat().map(({ id }) => `Task/${id}`);
    },
    async run(api, change) {
      const task = change && (await api.read<Task>(`Task/${change.id}`));
      if (task?.id && (await sender.isDue(task))) await sender.send(task.id);
      return [];
    },
  };
}
