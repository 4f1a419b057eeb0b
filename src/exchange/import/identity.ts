import { hash } from 'node:crypto';

/** The ids under which the hub keeps what a sender calls by its own. */
export interface Identity {
  /** The sender's ids are the hub's. */
  readonly keeps: boolean;
  idOf(type: string, id: string): string;
  /** The id of something that the sender gave none: the same for the same `seed` (a fullUrl, a place in a file). */
  given(type: string, seed: string): string;
}

/**
 * A client registered for loading keeps its ids. Any other gets ids from the hub, made of its own: so that importing
 * the same again finds what is there already, and a reference is understood in whatever file it stands.
 */
export function identityOf(client: { id: string; loads?: boolean | undefined }): Identity {
  const derived = (kind: string, type: string, text: string) =>
    uuid([client.id, kind, type, text].join('\n'));
  const keeps = client.loads === true;
  return {
    keeps,
    idOf: (type, id) => (keeps ? id : derived('id', type, id)),
    given: (type, seed) => derived('seed', type, seed),
  };
}

/** A UUID made of a hash: version 8 of https://www.rfc-editor.org/rfc/rfc9562#section-5.8 */
function uuid(text: string): string {
  const digest = hash('sha256', text, 'hex');
  const variant = ((Number.parseInt(digest.slice(16, 18), 16) & 0x3f) | 0x80).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    variant + digest.slice(18, 20),
    digest.slice(20, 32),
  ].join('-');
}
