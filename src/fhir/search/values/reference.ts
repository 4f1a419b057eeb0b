import type { Key } from '../../../store/types.ts';

/** What a reference value says, before it is looked up. */
export type ReferenceValue =
  | { kind: 'local'; key: Key }
  /** A bare id: the parameter's types say where to look. */
  | { kind: 'bare'; id: string }
  /** Of another server, or a canonical: indexed as it is written. */
  | { kind: 'elsewhere'; uri: string };

export const idForm = /^[A-Za-z0-9\-.]{1,64}$/;
const localForm = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/;
const absoluteForm = /^[a-z][a-z0-9+.-]*:\S+$/i;

/**
 * `Type/id`, `id` or an absolute URL (https://hl7.org/fhir/R4/search.html#reference). Undefined when it is none
 * of these; whether the type exists is the caller's to say.
 */
export function referenceValue(text: string, baseUrl: string): ReferenceValue | undefined {
  const relative = text.startsWith(`${baseUrl}/`) ? text.slice(baseUrl.length + 1) : text;
  const local = localForm.exec(relative);
  if (local?.[1] && local[2]) return { kind: 'local', key: { type: local[1], id: local[2] } };
  if (relative !== text) return undefined;
  if (idForm.test(text)) return { kind: 'bare', id: text };
  return absoluteForm.test(text) ? { kind: 'elsewhere', uri: text } : undefined;
}
