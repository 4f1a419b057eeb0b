import type { Narrative } from '@medplum/fhirtypes';
import type { Described } from './describe.ts';

/** Paragraphs and descriptions as a narrative (https://hl7.org/fhir/R4/narrative.html): everything in it is text. */
export function narrative(content: readonly (Described | string)[]): Narrative {
  const inner = content.map(one => (typeof one === 'string' ? `<p>${escaped(one)}</p>` : described(one)));
  return {
    status: 'generated',
    div: `<div xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en">${inner.join('')}</div>`,
  };
}

function described({ title, lines }: Described): string {
  const items = lines.map(({ label, text }) => `<li><b>${escaped(label)}</b>: ${escaped(text)}</li>`);
  return `<p><b>${escaped(title)}</b></p>${items.length ? `<ul>${items.join('')}</ul>` : ''}`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** What XML 1.0 has no way to say, not even escaped (https://www.w3.org/TR/xml/#charsets). */
const unsayable = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

const escaped = (text: string): string =>
  text.replace(unsayable, '').replace(/[&<>"]/g, one => entities[one] ?? one);
