/** What a `Reference.reference` says (https://hl7.org/fhir/R4/references.html#literal). */
export type ReferenceTarget =
  /** `Patient/1`, also with `/_history/2`, which is not kept. */
  | { kind: 'local'; type: string; id: string }
  /** `https://other.example/fhir/Patient/1` */
  | { kind: 'absolute'; type: string; id: string }
  /** `#med`: a contained resource; an empty id is the container. */
  | { kind: 'contained'; id: string }
  /** `urn:uuid:…`, `urn:oid:…`, or a URL that no FHIR server would give. */
  | { kind: 'uri' }
  /** `Patient?identifier=…`: to be resolved before it is stored. */
  | { kind: 'conditional'; type: string };

const restful =
  /^(https?:\/\/\S+\/)?([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/;
const conditional = /^([A-Z][A-Za-z]+)\?\S+$/;
const uri = /^[a-z][a-z0-9+.-]*:\S+$/i;

/** Undefined when it is none of these. Whether a resource type exists is for the caller to say. */
export function parseReference(text: string): ReferenceTarget | undefined {
  if (text.startsWith('#')) return { kind: 'contained', id: text.slice(1) };
  const [, base, type, id] = restful.exec(text) ?? [];
  if (type && id) return { kind: base ? 'absolute' : 'local', type, id };
  const query = conditional.exec(text)?.[1];
  if (query) return { kind: 'conditional', type: query };
  return uri.test(text) ? { kind: 'uri' } : undefined;
}
