import type { EpisodeOfCare, Parameters } from '@medplum/fhirtypes';
import { completenessOf } from '../../care/case-start/completeness.ts';
import { HubError } from '../../errors.ts';
import type { Pack } from '../../referral/eligibility/pack.ts';
import { readRecord } from '../../referral/eligibility/record.ts';
import { canonical } from '../canonical.ts';
import type { Repository } from '../repository.ts';
import { findPackById } from './find-pack.ts';
import type { Operation, OperationCall } from './operation.ts';

/** How complete a case is, in percent, with what is missing: which facts count is a PlanDefinition per program. */
export const completeness: Operation = {
  name: 'completeness',
  definition: `${canonical}/OperationDefinition/completeness`,
  documentation:
    'How complete the case is, in percent, with what is missing, as far as the caller may see. Which facts count says the PlanDefinition case-completeness, or case-completeness-{program}.',
  levels: ['instance'],
  types: ['EpisodeOfCare'],
  methods: ['GET', 'POST'],
  async run(call) {
    const { parts, repository, id = '' } = call;
    const episode = (await repository.read('EpisodeOfCare', id)).resource() as EpisodeOfCare;
    const patient = episode.patient.reference?.split('/')[1] ?? '';
    const pack = await packFor(call.query.get('program'), repository);
    const record = new Map(await readRecord([pack], patient, repository));
    // Another episode of the same person is another case.
    record.set('EpisodeOfCare', [episode]);
    const moment = { now: parts.clock.now(), timeZone: parts.rulePacks.due.timeZone };
    return { kind: 'resource', resource: parametersOf(pack, completenessOf(pack, record, moment)) };
  },
};

const fallback = 'case-completeness';

async function packFor(program: OperationCall['id'] | null, repository: Repository): Promise<Pack> {
  const id = program ? `${fallback}-${program}` : fallback;
  const pack = await findPackById(id, repository);
  if (pack) return pack;
  throw new HubError('not-found', {
    text: `There is no active PlanDefinition/${id}: name a program that has facts of its own, such as ccbhc, or none.`,
    expression: 'Parameters.parameter',
  });
}

function parametersOf(pack: Pack, { percent, facts }: ReturnType<typeof completenessOf>): Parameters {
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'percent', valueInteger: percent },
      { name: 'pack', valueCanonical: pack.version ? `${pack.url}|${pack.version}` : pack.url },
      ...facts.map(({ code, title, there, missing }) => ({
        name: there ? 'there' : 'missing',
        part: [
          { name: 'code', valueCode: code },
          { name: 'title', valueString: title },
          ...(there ? [] : [{ name: 'ask', valueString: missing }]),
        ],
      })),
    ],
  };
}
