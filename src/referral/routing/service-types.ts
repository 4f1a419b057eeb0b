import type { CodeableConcept, ConceptMap, ServiceRequest } from '@medplum/fhirtypes';
import map from '../../../terminology/routing-service-types.json' with { type: 'json' };
import { system } from '../../fhir/canonical.ts';
import { type Token, tokens } from './codes.ts';

const known: ReadonlyMap<Token, readonly Token[]> = read(map as ConceptMap);

/**
 * What a request asks for, as tokens that HealthcareService.type can be compared with: its code as it is and
 * as the service types it maps to; where the code says nothing in service types, its category does.
 */
export function serviceTypes(request: ServiceRequest): Token[] {
  const own = mapped([request.code]);
  const said = own.length > 0 ? own : mapped(request.category ?? []);
  return [...new Set([...tokens(request.code), ...said])];
}

function mapped(concepts: readonly (CodeableConcept | undefined)[]): Token[] {
  return tokens(...concepts).flatMap(code =>
    code.startsWith(`${system.serviceType}|`) ? [code] : (known.get(code) ?? []),
  );
}

function read({ group = [] }: ConceptMap): Map<Token, Token[]> {
  const entries = group.flatMap(({ source, target, element }) =>
    element.map(({ code, target: targets = [] }): [Token, Token[]] => [
      `${source}|${code}`,
      targets.filter(to => to.code).map(to => `${target}|${to.code}`),
    ]),
  );
  return new Map(entries);
}
