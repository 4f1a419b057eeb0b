import { type SaxesAttributeNS, SaxesParser, type SaxesTagNS } from 'saxes';
import { HubError } from '../../errors.ts';
import type { Property, Schema } from '../definitions/schema.ts';
import { quote } from '../validation/report.ts';
import { ElementFrame, type Frame, PrimitiveFrame, ResourceHolder } from './frames.ts';
import { XhtmlWriter } from './xhtml.ts';

const fhir = 'http://hl7.org/fhir';
const xhtml = 'http://www.w3.org/1999/xhtml';
const schemaInstance = 'http://www.w3.org/2001/XMLSchema-instance';
/** Elements within each other; the deepest of real resources are below 50. */
const deepest = 200;

/**
 * A resource written in XML, as the JSON that says the same, decimals digit by digit. Only its form is checked: what is
 * right in a resource is for the validator to say. A DOCTYPE, and with it every entity of one's own, is refused.
 *
 * @param what what the sender calls it at the start of a sentence: `The body`
 * @throws HubError('invalid') with the line and column
 */
export function fromXml(text: string, schema: Schema, what: string): string {
  return new Reader(schema, what).read(text);
}

class Reader {
  readonly #schema: Schema;
  readonly #what: string;
  readonly #parser = new SaxesParser({ xmlns: true, position: true });
  readonly #frames: Frame[] = [];
  readonly #root = new ResourceHolder(resource => {
    this.#result = resource;
  });
  #result: string | undefined;
  #narrative: XhtmlWriter | undefined;

  constructor(schema: Schema, what: string) {
    this.#schema = schema;
    this.#what = what;
    this.#parser.on('error', error => this.#refuse(`is not well-formed XML: ${reasonOf(error)}`));
    this.#parser.on('doctype', () => this.#refuse('must have no DOCTYPE: entities of its own are not read'));
    this.#parser.on('xmldecl', ({ encoding }) => {
      if (encoding && !/^utf-?8$/i.test(encoding)) this.#refuse('must be in UTF-8');
    });
    this.#parser.on('opentag', tag => this.#open(tag));
    this.#parser.on('closetag', tag => this.#close(tag));
    this.#parser.on('text', found => this.#text(found));
    this.#parser.on('cdata', found => this.#text(found));
  }

  read(text: string): string {
    this.#frames.push(this.#root);
    this.#parser.write(text).close();
    this.#root.close();
    if (this.#result === undefined) throw this.#problem('holds no resource');
    return this.#result;
  }

  #open(tag: SaxesTagNS): void {
    if (this.#frames.length + (this.#narrative?.depth ?? 0) > deepest)
      this.#refuse(`must not nest deeper than ${deepest} elements`);
    const top = this.#frames.at(-1);
    if (this.#narrative) this.#narrative.open(tag);
    else if (top instanceof ResourceHolder) this.#openResource(tag, top);
    else if (top) this.#openElement(tag, top);
  }

  #openResource(tag: SaxesTagNS, holder: ResourceHolder): void {
    if (tag.uri !== fhir) this.#refuse(`must be in the namespace ${fhir}`);
    if (this.#schema.find(tag.local)?.kind !== 'resource')
      this.#refuse(`has ${quote(tag.local)}, which is not a resource type of FHIR R4`);
    if (holder.filled) this.#refuse('must have one resource where it has two');
    this.#attributes(tag, []);
    this.#frames.push(new ElementFrame(tag.local, json => holder.fill(json), { resourceType: tag.local }));
  }

  #openElement(tag: SaxesTagNS, top: Frame): void {
    const property = this.#schema.properties(top.type).get(tag.local);
    if (!property || (top instanceof PrimitiveFrame && tag.local !== 'extension'))
      throw this.#problem(`has no element ${quote(tag.local)} in ${top.type}`);
    const isNarrative = property.type.code === 'xhtml';
    const namespace = isNarrative ? xhtml : fhir;
    if (tag.uri !== namespace) this.#refuse(`must have ${quote(tag.local)} in the namespace ${namespace}`);
    if (isNarrative) {
      this.#narrative = new XhtmlWriter(div => this.#add(top, property, JSON.stringify(div)));
      this.#narrative.open(tag);
    } else this.#frames.push(this.#frameFor(tag, property, top));
  }

  #frameFor(tag: SaxesTagNS, property: Property, top: Frame): Frame {
    const { code } = property.type;
    const done = (json: string | undefined, side?: string) => this.#add(top, property, json, side);
    if (code === 'Resource') {
      this.#attributes(tag, []);
      return new ResourceHolder(done);
    }
    if (property.primitive) return new PrimitiveFrame(code, done, this.#attributes(tag, ['id', 'value']));
    return new ElementFrame(code, done, this.#attributes(tag, code === 'Extension' ? ['id', 'url'] : ['id']));
  }

  /** By name; others than those of FHIR (and the location of a schema) are refused. */
  #attributes({ attributes }: SaxesTagNS, allowed: readonly string[]): Record<string, string> {
    const found: Record<string, string> = {};
    for (const { name, uri, prefix, value } of Object.values(attributes) as SaxesAttributeNS[]) {
      if (name === 'xmlns' || prefix === 'xmlns' || uri === schemaInstance) continue;
      if (!allowed.includes(name)) this.#refuse(`must not have the attribute ${quote(name)} here`);
      found[name] = value;
    }
    return found;
  }

  #add(to: Frame, property: Property, json: string | undefined, side?: string): void {
    if (to.add(property, json, side)) return;
    this.#refuse(`has ${property.json} in ${to.type} more than once`);
  }

  #close(tag: SaxesTagNS): void {
    if (this.#narrative) {
      if (this.#narrative.close(tag)) this.#narrative = undefined;
      return;
    }
    this.#frames.pop()?.close();
  }

  #text(found: string): void {
    if (this.#narrative) this.#narrative.text(found);
    else if (found.trim() !== '')
      this.#refuse('has text where only elements may be: values are in attributes');
  }

  #refuse(fault: string): void {
    throw this.#problem(fault);
  }

  #problem(fault: string): HubError {
    const { line, column } = this.#parser;
    return new HubError('invalid', `${this.#what} ${fault} (line ${line}, column ${column}).`);
  }
}

/** Without its position, which is told otherwise, and without what it quotes of the content. */
function reasonOf({ message }: Error): string {
  return message
    .replace(/^\d+:\d+:\s*/, '')
    .replace(/[:"'].*$/s, '')
    .replace(/\.$/, '');
}
