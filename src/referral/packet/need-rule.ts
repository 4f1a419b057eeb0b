import type { HealthcareService } from '@medplum/fhirtypes';
import { HubError, type Problem } from '../../errors.ts';
import type { Change, WriteRule } from '../../fhir/write/rules.ts';
import { packetExtension, packetRules, packetSystem } from './rules.ts';

/**
 * What a service needs is something that can be attached. A code that nothing is would be missing from every referral,
 * and none could be sent where it is required.
 */
export const needRule: WriteRule = {
  types: ['HealthcareService'],
  async apply({ after, actor }: Change) {
    if (actor.importing || !after) return {};
    const problems = unknownNeeds(after as HealthcareService);
    if (problems.length) throw new HubError('unprocessable', problems);
    return {};
  },
};

function unknownNeeds({ extension = [] }: HealthcareService): Problem[] {
  return extension.flatMap((one, index) => {
    if (one.url !== packetExtension.need) return [];
    const expression = `HealthcareService.extension[${index}]`;
    const named = one.extension?.some(({ url }) => url === 'item' || url === 'questionnaire');
    if (!named)
      return [{ text: 'A packet-need names what is needed: an item, or a questionnaire.', expression }];
    const item = one.extension?.find(({ url }) => url === 'item')?.valueCodeableConcept;
    const unknown = item?.coding?.find(
      ({ system, code = '' }) => system === packetSystem.item && !Object.hasOwn(packetRules.items, code),
    );
    if (!unknown) return [];
    const known = Object.keys(packetRules.items).join(', ');
    return [{ text: `${packetSystem.item} has no code ${unknown.code}: it has ${known}.`, expression }];
  });
}
