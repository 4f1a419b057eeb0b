import type { StructureDefinition } from '@medplum/fhirtypes';
import { type ElementRow, elementRows, invariantsOf, mappingsOf, type TypeOf } from './elements.ts';
import type { Definition, Guide } from './guide.ts';
import { Canonical, Command, Facts, GuidePage, Table, UsedBy } from './parts.tsx';
import { triesOf } from './tries.ts';

interface Props {
  definition: Definition & StructureDefinition;
  guide: Guide;
  /** The FHIR base. */
  base: string;
}

/** A profile or an extension: what it changes, its rules, how others say it, its examples, what to try. */
export function ProfilePage({ definition, guide, base }: Props) {
  return (
    <GuidePage title={definition.title ?? definition.name}>
      <Facts definition={definition} />
      <p>
        {definition.type === 'Extension' ? 'An extension of ' : 'A profile of '}
        {definition.type === 'Extension' ? (
          (definition.context ?? []).map(({ expression }) => <code>{expression}</code>)
        ) : (
          <Canonical url={definition.baseDefinition ?? ''} guide={guide} />
        )}
        . The table has what differs; all else is as it is there.
      </p>
      <Differential rows={elementRows(definition)} guide={guide} />
      <Invariants definition={definition} />
      <UsedBy uses={guide.usersOf(definition.url)} title="Used by" />
      <Examples profile={definition.url} guide={guide} />
      <Tries definition={definition} guide={guide} base={base} />
      <Mappings definition={definition} />
    </GuidePage>
  );
}

function Differential({ rows, guide }: { rows: readonly ElementRow[]; guide: Guide }) {
  return (
    <section class="elements">
      <h2>Elements</h2>
      <Table caption="Elements" columns={['Element', 'How many', 'Type', 'What it is']}>
        {rows.map(one => (
          <tr>
            <th scope="row">
              <code>{one.name}</code>
              {one.mustSupport && <span class="flag">must support</span>}
            </th>
            <td data-label="How many">{one.cardinality}</td>
            <td data-label="Type">
              <Types types={one.types} guide={guide} />
            </td>
            <td data-label="What it is">
              <div>
                {one.short}
                {one.value && (
                  <span class="detail">
                    {one.value.exactly ? 'Exactly ' : 'At least '}
                    <code>{one.value.json}</code>
                  </span>
                )}
                {one.binding && (
                  <span class="detail">
                    Codes ({one.binding.strength}): <Canonical url={one.binding.valueSet} guide={guide} />
                  </span>
                )}
              </div>
            </td>
          </tr>
        ))}
      </Table>
      <p class="quiet">
        Must support: the hub keeps it and acts on it; send it when you know it, and show it when you receive
        it.
      </p>
    </section>
  );
}

const Types = ({ types, guide }: { types: readonly TypeOf[]; guide: Guide }) => (
  <div>
    {types.map(({ code, of }) => (
      <span class="type">
        {code}
        {of.length > 0 && (
          <>
            {' '}
            (
            {of.map((url, index) => (
              <>
                {index > 0 && ', '}
                <Canonical url={url} guide={guide} />
              </>
            ))}
            )
          </>
        )}
      </span>
    ))}
  </div>
);

function Invariants({ definition }: { definition: StructureDefinition }) {
  const rules = invariantsOf(definition);
  if (rules.length === 0) return null;
  return (
    <section>
      <h2>Rules</h2>
      <Table caption="Rules" columns={['Rule', 'On', 'What it asks', 'FHIRPath']}>
        {rules.map(({ key, element, human, severity, expression }) => (
          <tr>
            <th scope="row">
              <code>{key}</code>
            </th>
            <td data-label="On">
              <code>{element}</code>
            </td>
            <td data-label="What it asks">
              {human} {severity === 'warning' && '(A warning.)'}
            </td>
            <td data-label="FHIRPath">
              <code>{expression}</code>
            </td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Examples({ profile, guide }: { profile: string; guide: Guide }) {
  const examples = guide.examplesOf(profile);
  if (examples.length === 0) return null;
  return (
    <section>
      <h2>Examples</h2>
      <ul>
        {examples.map(({ id, resourceType }) => (
          <li>
            <a href={`/guide/example/${id}`}>{id?.replace(/^example-/, '').replaceAll('-', ' ')}</a> (
            {resourceType})
          </li>
        ))}
      </ul>
    </section>
  );
}

function Tries({ definition, guide, base }: Props) {
  const tries = triesOf(definition, guide.examplesOf(definition.url)[0]?.id, base);
  if (tries.length === 0) return null;
  return (
    <section>
      <h2>To try</h2>
      {tries.map(({ what, command }) => (
        <>
          <p>{what}</p>
          <Command>{command}</Command>
        </>
      ))}
    </section>
  );
}

function Mappings({ definition }: { definition: StructureDefinition }) {
  return (
    <>
      {mappingsOf(definition).map(({ name, uri, rows }) => (
        <section>
          <h2>{name}</h2>
          <p>
            <code>{uri}</code>
          </p>
          <Table caption={name} columns={['Here', 'There', 'How they compare']}>
            {rows.map(({ id, map, comment }) => (
              <tr>
                <th scope="row">
                  <code>{id}</code>
                </th>
                <td data-label="There">
                  <code>{map}</code>
                </td>
                <td data-label="How they compare">{comment}</td>
              </tr>
            ))}
          </Table>
        </section>
      ))}
    </>
  );
}
