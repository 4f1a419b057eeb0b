import type { SaxesAttributeNS, SaxesTagNS } from 'saxes';
import { escapeAttribute, escapeText } from './text.ts';

/** The `<div>` of a narrative as the text that JSON has: with the namespace, whatever prefix it had. */
export class XhtmlWriter {
  readonly #done: (div: string) => void;
  readonly #out: string[] = [];
  #depth = 0;

  constructor(done: (div: string) => void) {
    this.#done = done;
  }

  get depth(): number {
    return this.#depth;
  }

  open({ local, attributes, isSelfClosing }: SaxesTagNS): void {
    const own = (Object.values(attributes) as SaxesAttributeNS[])
      .filter(({ name, prefix }) => name !== 'xmlns' && prefix !== 'xmlns')
      .map(({ name, value }) => ` ${name}="${escapeAttribute(value)}"`);
    const namespace = this.#depth === 0 ? ' xmlns="http://www.w3.org/1999/xhtml"' : '';
    this.#out.push(`<${local}${namespace}${own.join('')}${isSelfClosing ? '/' : ''}>`);
    this.#depth += 1;
  }

  text(found: string): void {
    this.#out.push(escapeText(found));
  }

  /** True at the end of the `<div>`. */
  close({ local, isSelfClosing }: SaxesTagNS): boolean {
    if (!isSelfClosing) this.#out.push(`</${local}>`);
    this.#depth -= 1;
    if (this.#depth > 0) return false;
    this.#done(this.#out.join(''));
    return true;
  }
}
