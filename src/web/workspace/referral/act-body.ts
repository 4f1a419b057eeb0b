import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { HubError } from '../../../errors.ts';
import { dueRules } from '../../../referral/lifecycle/due.ts';
import type { InputDefinition } from '../../../referral/working/inputs.ts';

/** What a form sent: each field with all of its values. */
export type Sent = Readonly<Record<string, readonly string[]>>;

/**
 * The body of the operation that a form asks for. Empty fields say nothing: what is missing is the operation's to
 * say.
 * @param zone where whoever sent it sits: times in forms have no zone of their own
 */
export function bodyOf(inputs: readonly InputDefinition[], sent: Sent, zone: string | undefined): Parameters {
  const parameter = inputs.flatMap(input =>
    (sent[input.name] ?? [])
      .map(value => value.trim())
      .filter(value => value !== '')
      .map(value => parameterOf(input, value, zone)),
  );
  return { resourceType: 'Parameters', parameter };
}

function parameterOf(
  { name, type }: InputDefinition,
  value: string,
  zone: string | undefined,
): ParametersParameter {
  switch (type) {
    case 'CodeableConcept':
      return { name, valueCode: value };
    case 'Reference':
      return { name, valueReference: { reference: value } };
    case 'boolean':
      return { name, valueBoolean: value === 'yes' };
    case 'dateTime':
      return { name, valueDateTime: instantOf(value, zone) };
    case 'Identifier':
      return { name, valueIdentifier: { system: 'urn:ietf:rfc:3986', value } };
    default:
      return { name, valueString: value };
  }
}

/** The instant of a time on the clock of whoever wrote it, such as `2026-03-05T09:00`. */
export function instantOf(local: string, zone: string = dueRules.timeZone): string {
  try {
    return Temporal.PlainDateTime.from(local).toZonedDateTime(zone).toInstant().toString();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new HubError('invalid', {
      text: 'The time is not one: choose a day and an hour, such as 03/05/2026, 9:00 AM.',
      expression: 'start',
    });
  }
}
