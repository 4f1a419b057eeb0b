/** https://www.w3.org/TR/xml/#AVNormalize : line ends and tabs of an attribute survive only as references. */
export function escapeAttribute(text: string): string {
  return text.replace(/[&<>"\n\r\t]/g, character => references[character] ?? character);
}

export function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, character => references[character] ?? character);
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** Narrative as XML reads it: HTML's names for characters are not XML's. */
export function xhtmlAsXml(xhtml: string): string {
  return xhtml.replace(
    /&(?:#\d+;|#x[\da-f]+;|([a-z][a-z\d]*);)?/gi,
    (reference, name: string | undefined) => {
      if (reference === '&') return '&amp;';
      if (name === undefined || xmlNames.has(name)) return reference;
      const character = htmlCharacters.get(name);
      return character === undefined ? `&amp;${reference.slice(1)}` : `&#${character};`;
    },
  );
}

const xmlNames = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);

/** https://www.w3.org/TR/html4/sgml/entities.html : Latin-1 from 160, and what writers use beyond it. */
const latin1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro ' +
  'para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil ' +
  'Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave ' +
  'Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml ' +
  'igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute ' +
  'thorn yuml';
const beyond = {
  ndash: 8211,
  mdash: 8212,
  lsquo: 8216,
  rsquo: 8217,
  sbquo: 8218,
  ldquo: 8220,
  rdquo: 8221,
  bdquo: 8222,
  bull: 8226,
  hellip: 8230,
  euro: 8364,
  trade: 8482,
  larr: 8592,
  rarr: 8594,
  ne: 8800,
  le: 8804,
  ge: 8805,
};
const htmlCharacters = new Map([
  ...latin1.split(' ').map((name, at) => [name, 160 + at] as const),
  ...Object.entries(beyond),
]);
