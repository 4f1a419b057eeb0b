import type { CodeSystem, CodeSystemConcept, ConceptMap, ValueSet } from '@medplum/fhirtypes';
import type { Definition, Guide } from './guide.ts';
import { Canonical, Facts, GuidePage, Table, UsedBy } from './parts.tsx';

interface CodeRow {
  code: string;
  display: string;
  definition: string;
  /** 0 at the top of a hierarchy. */
  depth: number;
}

const flat = (concepts: readonly CodeSystemConcept[] = [], depth = 0): CodeRow[] =>
  concepts.flatMap(({ code = '', display = '', definition = '', concept }) => [
    { code, display, definition, depth },
    ...flat(concept, depth + 1),
  ]);

const Codes = ({ caption, rows }: { caption: string; rows: readonly CodeRow[] }) => (
  <Table caption={caption} columns={['Code', 'Name', 'Meaning']}>
    {rows.map(({ code, display, definition, depth }) => (
      <tr>
        <th scope="row" class={depth > 0 ? 'nested' : undefined}>
          <code>{code}</code>
        </th>
        <td data-label="Name">{display}</td>
        <td data-label="Meaning">{definition}</td>
      </tr>
    ))}
  </Table>
);

/** All codes of a code system. */
export function CodeSystemPage({ definition, guide }: { definition: Definition & CodeSystem; guide: Guide }) {
  const { concept, valueSet } = definition;
  return (
    <GuidePage title={definition.title ?? definition.name}>
      <Facts definition={definition} />
      {valueSet && (
        <p>
          As a value set: <Canonical url={valueSet} guide={guide} />.
        </p>
      )}
      <section>
        <h2>Codes</h2>
        <Codes caption={`Codes of ${definition.url}`} rows={flat(concept)} />
      </section>
    </GuidePage>
  );
}

/** What a value set is made of, with the codes where the hub has them. */
export function ValueSetPage({ definition, guide }: { definition: Definition & ValueSet; guide: Guide }) {
  return (
    <GuidePage title={definition.title ?? definition.name}>
      <Facts definition={definition} />
      {(definition.compose?.include ?? []).map(({ system, concept, valueSet }) => (
        <section>
          {system && (
            <>
              <h2>{concept ? 'These codes' : 'All codes'}</h2>
              <p>
                Of <Canonical url={system} guide={guide} /> (<code>{system}</code>)
              </p>
              <Codes
                caption={`Codes of ${system}`}
                rows={concept ? flat(concept) : ofSystem(system, guide)}
              />
            </>
          )}
          {valueSet?.map(url => (
            <p>
              All codes of the value set <Canonical url={url} guide={guide} />.
            </p>
          ))}
        </section>
      ))}
      <UsedBy uses={guide.boundTo(definition.url)} title="Where it is used" />
    </GuidePage>
  );
}

function ofSystem(url: string, guide: Guide): CodeRow[] {
  const systems = guide.sections.flatMap(section => section.definitions);
  const found = systems.find(one => one.resourceType === 'CodeSystem' && one.url === url);
  return flat((found as CodeSystem | undefined)?.concept);
}

/** Each code and what it is in the other system. */
export function ConceptMapPage({ definition, guide }: { definition: Definition & ConceptMap; guide: Guide }) {
  return (
    <GuidePage title={definition.title ?? definition.name}>
      <Facts definition={definition} />
      {(definition.group ?? []).map(({ source = '', target = '', element }) => (
        <section>
          <h2>
            From <Canonical url={source} guide={guide} /> to <Canonical url={target} guide={guide} />
          </h2>
          <p>
            <code>{source}</code> → <code>{target}</code>
          </p>
          <Table caption={`${source} as ${target}`} columns={['Code', 'There', 'How they compare']}>
            {element.flatMap(({ code, display, target: targets = [] }) =>
              (targets.length > 0 ? targets : [undefined]).map(one => (
                <tr>
                  <th scope="row">
                    <code>{code}</code> {display}
                  </th>
                  <td data-label="There">
                    {one?.code ? <code>{one.code}</code> : 'none'} {one?.display}
                  </td>
                  <td data-label="How they compare">{equivalence(one?.equivalence)}</td>
                </tr>
              )),
            )}
          </Table>
        </section>
      ))}
    </GuidePage>
  );
}

const words: Readonly<Record<string, string>> = {
  equivalent: 'the same',
  equal: 'the same',
  wider: 'there it means more',
  narrower: 'there it means less',
  relatedto: 'related',
  unmatched: 'not there',
};

const equivalence = (code = ''): string => words[code] ?? code;
