import { createHash } from 'node:crypto';

/** The look of a packet, in the page itself: what is saved or printed stays readable without the hub. */
export const style = `
:root { color-scheme: light; }
body { margin: 0; font: 11pt/1.45 system-ui, sans-serif; color: #1a1a1a; background: #fff; }
main { max-width: 46rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 1.5rem 0 .25rem; border-bottom: 1px solid #767676; }
h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
p, ul { margin: .25rem 0 .5rem; overflow-wrap: anywhere; }
.when { color: #4a4a4a; }
@media print {
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  li, p { break-inside: avoid; }
  @page { margin: 18mm; }
}
`;

/** Nothing runs in the page, nothing is fetched by it, and this one style is used. */
export const packetPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
