import type { Goal, Reference } from '@medplum/fhirtypes';
import type { CaseMaterial } from './material.ts';

/** A proposed Goal for each problem that has words: what it is about is known, what to reach is agreed with the person. */
export function goalsFrom({ problems }: CaseMaterial, subject: Reference): Goal[] {
  return problems.flatMap(({ reference, words }): Goal[] =>
    words === undefined
      ? []
      : [
          {
            resourceType: 'Goal',
            lifecycleStatus: 'proposed',
            description: { text: `To be agreed: ${words}` },
            subject: subject as Goal['subject'],
            addresses: [{ reference }],
          },
        ],
  );
}
