import type {
  CodeableConcept,
  CodeSystem,
  Coding,
  ConceptMap,
  Parameters,
  ParametersParameter,
  ValueSet,
} from '@medplum/fhirtypes';
import { requireScope } from '../../access/writes.ts';
import { HubError } from '../../errors.ts';
import type { OperationCall } from './operation.ts';

/** What a terminology operation is asked: parameters of the address or of a Parameters resource. */
export class TerminologyInput {
  readonly #call: OperationCall;

  constructor(call: OperationCall) {
    this.#call = call;
    requireScope(call.repository.actor, 'read', call.type ?? '*');
  }

  text(name: string): string | undefined {
    const [only, ...more] = this.#call.query.getAll(name);
    if (more.length > 0) throw refused(name, 'is given more than once');
    return only === '' ? undefined : only;
  }

  texts(name: string): string[] {
    return this.#call.query.getAll(name).filter(Boolean);
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (text !== 'true' && text !== 'false') throw refused(name, 'must be true or false');
    return text === 'true';
  }

  count(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (!/^\d{1,9}$/.test(text)) throw refused(name, 'must be a whole number, 0 or more');
    return Number(text);
  }

  coding(name: string): Coding | undefined {
    return this.#named(name)?.valueCoding;
  }

  codeableConcept(name: string): CodeableConcept | undefined {
    return this.#named(name)?.valueCodeableConcept;
  }

  /** A resource that is sent along. */
  async resource<R extends ValueSet | CodeSystem | ConceptMap>(
    name: string,
    type: R['resourceType'],
  ): Promise<R | undefined> {
    const { body } = this.#call;
    if (isOfType<R>(body, type)) return this.#checked(body, name);
    const resource: unknown = this.#named(name)?.resource;
    if (resource === undefined) return undefined;
    if (!isOfType<R>(resource, type)) throw refused(name, `must be a ${type}`);
    return this.#checked(resource, name);
  }

  /** The resource that the operation is called on. */
  async instance<R extends ValueSet | CodeSystem | ConceptMap>(): Promise<R | undefined> {
    const { repository, type, id } = this.#call;
    if (type === undefined || id === undefined) return undefined;
    return (await repository.read(type, id)).resource() as R;
  }

  #named(name: string): ParametersParameter | undefined {
    const { parameter } = (this.#call.body ?? {}) as Partial<Parameters>;
    return Array.isArray(parameter) ? parameter.find(one => one?.name === name) : undefined;
  }

  async #checked<R extends ValueSet | CodeSystem | ConceptMap>(resource: R, name: string): Promise<R> {
    const found = await this.#call.parts.validate(resource);
    const problems = found.filter(one => one.severity !== 'warning');
    if (problems.length === 0) return resource;
    throw new HubError(
      'invalid',
      problems.map(one => ({ ...one, text: `${name}: ${one.text}` })),
    );
  }
}

const isOfType = <R extends ValueSet | CodeSystem | ConceptMap>(
  value: unknown,
  type: R['resourceType'],
): value is R =>
  typeof value === 'object' && value !== null && 'resourceType' in value && value.resourceType === type;

export const refused = (name: string, why: string): HubError =>
  new HubError('invalid', { text: `${name} ${why}.`, expression: 'Parameters.parameter' });

/** A canonical URL with the version that another parameter names. */
export const versioned = (url: string, version: string | undefined): string =>
  version === undefined || url.includes('|') ? url : `${url}|${version}`;
