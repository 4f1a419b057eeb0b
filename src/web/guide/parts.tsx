import type { PropsWithChildren } from 'hono/jsx';
import { urlOf } from '../../fhir/conformance/own-definitions.ts';
import { Layout } from '../layout.tsx';
import { type Definition, type Guide, pathOf, titleOf, type Use } from './guide.ts';

/** Title of the first page. */
export const home = 'Integration guide';

/** The frame of every page of the guide. */
export function GuidePage({ title, children }: PropsWithChildren<{ title: string }>) {
  return (
    <Layout title={title === home ? home : `${title} · ${home}`} styles={['guide.css']}>
      {title !== home && (
        <nav class="crumbs" aria-label="Where you are">
          <a href="/guide">{home}</a>
        </nav>
      )}
      <h1>{title}</h1>
      <div class="guide">{children}</div>
    </Layout>
  );
}

/** A canonical URL, or the code of a type: as a link where there is something to read. */
export function Canonical({ url, guide }: { url: string; guide: Guide }) {
  const page = guide.pageOf(url);
  const text = url.split('|', 1)[0]?.split('/').at(-1) ?? url;
  if (page) return <a href={page}>{text}</a>;
  return url.startsWith('http://hl7.org/fhir/') || url.startsWith('http://terminology.hl7.org/') ? (
    <a href={published(url)}>{text}</a>
  ) : (
    <code>{url}</code>
  );
}

const base = 'http://hl7.org/fhir/StructureDefinition/';

/** Where HL7 publishes what a canonical URL names: R4's own pages are named otherwise. */
function published(url: string): string {
  if (url.startsWith(base)) return `https://hl7.org/fhir/R4/${url.slice(base.length).toLowerCase()}.html`;
  return url.replace(/^http:/, 'https:');
}

/** What is the same for every definition. */
export function Facts({ definition }: { definition: Definition }) {
  const { resourceType, id, description } = definition;
  return (
    <>
      {description && <p class="lead">{description}</p>}
      <dl class="facts">
        <dt>Canonical URL</dt>
        <dd>
          <code>{urlOf(definition)}</code>
        </dd>
        <dt>In the API</dt>
        <dd>
          <code>
            GET /fhir/{resourceType}/{id}
          </code>
        </dd>
        <dt>As JSON</dt>
        <dd>
          <a href={`${pathOf(definition)}.json`}>
            {resourceType}/{id}
          </a>
        </dd>
      </dl>
    </>
  );
}

/** A table with a caption for who does not see it; its cells carry their column for narrow screens. */
export function Table({
  caption,
  columns,
  children,
}: PropsWithChildren<{ caption: string; columns: readonly string[] }>) {
  return (
    <table>
      <caption class="hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map(column => (
            <th scope="col">{column}</th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

/** Which definitions refer to this one. */
export function UsedBy({ uses, title }: { uses: readonly Use[]; title: string }) {
  if (uses.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {uses.map(({ definition, element }) => (
          <li>
            <a href={pathOf(definition)}>{titleOf(definition)}</a>: <code>{element}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A command to copy. */
export const Command = ({ children }: PropsWithChildren) => (
  <pre tabindex={0}>
    <code>{children}</code>
  </pre>
);
