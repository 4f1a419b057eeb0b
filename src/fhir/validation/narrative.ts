/**
 * Narrative is the one place where a sender's markup reaches a page: what FHIR allows there, and nothing that runs
 * (https://hl7.org/fhir/R4/narrative.html#xhtml, rules txt-1 and txt-2).
 *
 * @returns what is wrong, undefined when it is right
 */
export function narrativeProblem(xhtml: string): string | undefined {
  try {
    new Scanner(xhtml).document();
    return undefined;
  } catch (error) {
    if (error instanceof NarrativeError) return error.message;
    throw error;
  }
}

class NarrativeError extends Error {}

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

const elements = words(
  'p br div h1 h2 h3 h4 h5 h6 a span b em i strong small big tt strike s u font center dfn q var abbr acronym cite ' +
    'blockquote hr address bdo kbd sub sup ul ol li dl dt dd pre table caption colgroup col thead tr tfoot tbody th ' +
    'td code samp img map area',
);
const attributes = words(
  'xmlns title style class id lang xml:lang dir accesskey tabindex span width height align valign char charoff abbr ' +
    'axis headers scope rowspan colspan nowrap href name hreflang charset type rel rev shape coords src alt longdesc ' +
    'usemap ismap border cellpadding cellspacing summary rules frame cite bgcolor color size face clear compact start ' +
    'value noshade',
);
const links = words('href src cite longdesc usemap');
const schemes = words('http https ftp mailto tel urn cid');
/** What could run in a style, or be written to hide that it does. */
const unsafeStyle =
  /expression\s*\(|javascript:|vbscript:|behavior\s*:|-moz-binding|\\|&(?!quot;|apos;|amp;|#39;|#34;)/i;

/** One pass over the text, without backtracking. */
class Scanner {
  readonly #text: string;
  readonly #open: string[] = [];
  #at = 0;
  #content = false;
  #started = false;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    if (!/^\s*<div[\s>/]/.test(this.#text)) throw new NarrativeError('must be XHTML in one <div>');
    for (let from = 0; ; from = this.#at) {
      const next = this.#text.indexOf('<', from);
      this.#characters(from, next < 0 ? this.#text.length : next);
      if (next < 0) break;
      this.#at = next + 1;
      this.#markup();
    }
    const unclosed = this.#open.at(-1);
    if (unclosed) throw new NarrativeError(`must be well-formed XHTML: <${unclosed}> is not closed`);
    if (!this.#content) throw new NarrativeError('must have content that can be read');
  }

  #characters(from: number, to: number): void {
    if (!/\S/.test(this.#text.slice(from, to))) return;
    if (this.#open.length === 0)
      throw new NarrativeError('must be XHTML in one <div>, with nothing beside it');
    this.#content = true;
  }

  #markup(): void {
    if (this.#text.startsWith('!--', this.#at)) this.#skipPast('-->');
    else if (this.#text[this.#at] === '/') this.#close();
    else this.#element();
  }

  #skipPast(end: string): void {
    const found = this.#text.indexOf(end, this.#at);
    if (found < 0) throw new NarrativeError(`must be well-formed XHTML: ${end} is missing`);
    this.#at = found + end.length;
  }

  #close(): void {
    this.#at += 1;
    const name = this.#take(/[a-z0-9:]*\s*/y).trim();
    const open = this.#open.pop();
    if (name !== open || this.#text[this.#at] !== '>') {
      throw new NarrativeError(`must be well-formed XHTML: expected </${open ?? 'div'}>`);
    }
    this.#at += 1;
  }

  #element(): void {
    const name = this.#take(/[A-Za-z0-9:]*/y);
    if (!elements.has(name)) throw new NarrativeError(`must be basic XHTML without <${name.slice(0, 20)}>`);
    if (this.#open.length === 0 && this.#started) throw new NarrativeError('must be XHTML in one <div>');
    this.#started = true;
    if (name === 'img') this.#content = true;
    for (;;) {
      this.#take(/\s*/y);
      const end = this.#take(/\/?>/y);
      if (end === '>') this.#open.push(name);
      if (end) return;
      this.#attribute();
    }
  }

  #attribute(): void {
    const name = this.#take(/[A-Za-z][A-Za-z0-9:_-]*/y);
    if (!name) throw new NarrativeError('must be well-formed XHTML: a tag does not end');
    if (!attributes.has(name))
      throw new NarrativeError(`must be basic XHTML without the attribute ${name.slice(0, 20)}`);
    const equals = this.#take(/\s*=\s*/y);
    const quoted = this.#take(/"[^"<]*"|'[^'<]*'/y);
    if (!equals || !quoted)
      throw new NarrativeError(`must be well-formed XHTML: ${name} needs a quoted value`);
    const value = quoted.slice(1, -1);
    if (links.has(name) && runs(value)) throw new NarrativeError(`must not run anything by its ${name}`);
    if (name === 'style' && unsafeStyle.test(value)) {
      throw new NarrativeError('must have styles that run nothing');
    }
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }
}

/** Whether a link has a scheme other than those that lead somewhere or show an image, or hides what it has. */
function runs(link: string): boolean {
  const [head = ''] = /^[^/?#]*&?/.exec(link) ?? [];
  // A character written as an entity could be the colon, or part of a scheme.
  if (head.includes('&')) return true;
  const colon = head.indexOf(':');
  if (colon < 0) return false;
  const scheme = head.slice(0, colon).toLowerCase();
  return scheme === 'data' ? !/^data:\s?image\/(?:png|gif|jpeg|webp)[;,]/i.test(link) : !schemes.has(scheme);
}
