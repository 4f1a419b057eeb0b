import type { Schema } from '../definitions/schema.ts';
import { fromXml } from './from-xml.ts';
import { toXml } from './to-xml.ts';

/** FHIR's XML format (https://hl7.org/fhir/R4/xml.html) to and from its JSON format. */
export interface Xml {
  /** @throws HubError('invalid') where it is not the XML of a resource */
  read(xml: string, what: string): string;
  /** Undefined for JSON that is no resource, such as an answer of GraphQL. */
  write(json: string): string | undefined;
}

export function createXml(schema: Schema): Xml {
  return {
    read: (xml, what) => fromXml(xml, schema, what),
    write: json => toXml(json, schema),
  };
}
