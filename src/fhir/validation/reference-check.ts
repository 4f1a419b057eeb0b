import { isObject } from '../definitions/fhirpath/collection.ts';
import { parseReference, type ReferenceTarget } from '../definitions/reference.ts';
import { quote, type Report } from './report.ts';

type Reference = Readonly<Record<string, unknown>>;

/** What a Reference says beyond its structure: its form, and the type it points to (https://hl7.org/fhir/R4/references.html). */
export function createReferenceCheck(
  resourceTypes: ReadonlySet<string>,
): (value: unknown, targets: readonly string[] | undefined, report: Report) => void {
  return (value, targets, report) => {
    if (!isObject(value)) return;
    const literal = typeof value.reference === 'string' ? value.reference : undefined;
    if (literal === undefined) return withoutLiteral(value, targets, report);
    const target = parseReference(literal);
    if (!target) return report.addAt('reference', wanted, 'value');
    const type = typeOf(target, report);
    if (type !== undefined) checkType(value, type, targets, report);
  };

  function typeOf(target: ReferenceTarget, report: Report): string | undefined {
    if (target.kind === 'uri') return undefined;
    if (target.kind === 'contained') return containedType(target.id, report);
    if (resourceTypes.has(target.type)) return target.type;
    // Another server may have types of its own; here there are none but those of R4.
    if (target.kind !== 'absolute')
      report.addAt('reference', `${quote(target.type)} is not a resource type of FHIR R4`, 'value');
    return undefined;
  }

  function containedType(id: string, report: Report): string | undefined {
    const found = report.evaluation.contained(id);
    if (!isObject(found))
      report.addAt('reference', 'must be the id of a contained resource after the "#"', 'value');
    return typeof found?.resourceType === 'string' ? found.resourceType : undefined;
  }

  function withoutLiteral(value: Reference, targets: readonly string[] | undefined, report: Report): void {
    const says = ['_reference', 'identifier', 'display', '_display', 'extension'].some(
      key => value[key] !== undefined,
    );
    if (!says) report.add('needs a reference, an identifier or a display', 'required');
    if (typeof value.type === 'string' && resourceTypes.has(value.type))
      allow(value.type, targets, 'type', report);
  }

  function checkType(
    value: Reference,
    type: string,
    targets: readonly string[] | undefined,
    report: Report,
  ): void {
    allow(type, targets, 'reference', report);
    if (typeof value.type === 'string' && resourceTypes.has(value.type) && value.type !== type) {
      report.addAt('type', `must be ${type}, as the reference is`, 'value');
    }
  }
}

const wanted = 'must be a reference: Type/id, an absolute URL, urn:uuid:…, or #id of a contained resource';

function allow(type: string, targets: readonly string[] | undefined, element: string, report: Report): void {
  if (!targets || targets.includes(type)) return;
  report.addAt(element, `must refer to ${orList(targets)}, not to ${type}`, 'value');
}

function orList(names: readonly string[]): string {
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${names.at(-1)}` : (names[0] ?? 'nothing');
}
